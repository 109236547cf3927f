"""How the threads wait for work. Imported first: OpenMP asks only once, when it is loaded.

By default, OpenMP's threads spin while they wait. On cores that are shared, with a browser, another
notebook or a second test, a spinning thread uses up the turn of the one that has the work: a step
of a small network then takes a hundred times as long. So ours sleep, unless the user says
otherwise; GNU's may spin for about as long as the way from one kernel to the next takes.
"""

import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("GOMP_SPINCOUNT", "1000")
