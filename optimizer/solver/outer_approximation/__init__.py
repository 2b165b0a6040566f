"""Second-order cones on a linear solver: tangent cuts are added until every square holds."""
