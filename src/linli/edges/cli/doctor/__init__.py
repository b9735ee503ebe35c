"""`linli doctor`: what is there, what is wrong, what to do."""

from linli.edges.cli.doctor.command import doctor

__all__ = ["doctor"]
