"""How threads wait for work.

GNU's OpenMP lets idle threads spin for some 15 ms before they sleep. That gains microseconds
on an idle machine. But where another program wants the same core, the spinning uses up the thread's
turn, and the next kernel waits 10 ms for it to come round again. So it is told to spin no longer
than the way from one kernel to the next takes. It reads the variable when it is loaded, which numba
does at the first parallel kernel; who has set it knows better.

Kernels keep Python's global lock while they run: numba's simplest threading layer would end the
process if two Python threads started kernels at once.
"""

import os

os.environ.setdefault("GOMP_SPINCOUNT", "1000")
