"""The program of a part: built, compared with others, taken apart."""
