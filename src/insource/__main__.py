"""`python -m insource` is the same as `insource`."""

from insource.cli.main import main

main()
