"""How the threads wait for work. Imported first: OpenMP asks only once, when it is loaded.

By default, OpenMP's threads spin while they wait. On cores that are shared, with a browser, another
notebook or a second test, a spinning thread keeps the one that has the work off the core: a step of
a small network then takes a hundred times as long. So ours sleep, unless the user says otherwise.
"""

import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
