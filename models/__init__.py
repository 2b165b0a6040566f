"""The mathematics of Lodeplan: an instance's records and the program over them."""
