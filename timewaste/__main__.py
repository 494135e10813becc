"""`python -m timewaste`."""

from timewaste.cli import main

if __name__ == "__main__":
    main()
