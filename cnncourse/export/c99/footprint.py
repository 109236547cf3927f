"""What a written network takes of a small board."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Footprint:
    """Bytes on a board with 32-bit addresses, and the work for one image.

    Attributes
    ----------
    constants : int
        Bytes of weights, tables and sizes, which stay in flash.
    code : int
        About as many bytes of program: measured for a Cortex-M4, compiled for size.
    buffers : int
        Bytes of RAM for what lies between the layers.
    caller : int
        Bytes of RAM for the image and the scores, which belong to who calls.
    multiply_adds : int
        Multiplications, each with its addition, that one image takes.
    """

    constants: int
    code: int
    buffers: int
    caller: int
    multiply_adds: int

    @property
    def flash(self):
        """Bytes that do not change: constants and code."""
        return self.constants + self.code

    @property
    def ram(self):
        """Bytes that do: buffers, image and scores. The stack comes on top, about half a KB."""
        return self.buffers + self.caller

    def __str__(self):
        return (
            f"flash: {self.flash:,} bytes, of which {self.constants:,} are constants and about "
            f"{self.code:,} code\n"
            f"RAM: {self.ram:,} bytes, of which {self.buffers:,} are buffers and {self.caller:,} "
            "the caller's image and scores\n"
            f"multiply-adds: {self.multiply_adds:,} an image"
        )
