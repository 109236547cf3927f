"""Small boards, and what arithmetic costs: looked up.

Sources: the chips' data sheets (Microchip ATmega328P, STMicroelectronics STM32F103x8, Nordic
nRF52833); Horowitz, *Computing's Energy Problem (and what we can do about it)*, 2014, for 45 nm;
DRAM: Han et al., *Learning both Weights and Connections for Efficient Neural Networks*, 2015,
table 1.
"""

KB = 1024
BOARDS = {  # bytes of flash and of RAM
    "Arduino Uno": (32 * KB, 2 * KB),
    "Blue Pill": (64 * KB, 20 * KB),
    "micro:bit": (512 * KB, 128 * KB),
}
PICOJOULES = {
    "a multiply-add in float32": 3.7 + 0.9,
    "a multiply-add of bytes, into a sum of 32 bits": 0.2 + 0.1,
    "reading 32 bits from a small memory beside the processor": 5.0,
    "reading 32 bits from a memory chip (DRAM)": 640.0,
}
