"""Least squares and gradient descent, each method as its formula."""
