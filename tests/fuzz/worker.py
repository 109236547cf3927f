"""Judges the calls that come in by standard input, one JSON line each; started by workers.py."""

import json
import os
import resource
import sys

MEMORY = 8 * 2**30  # bytes of addresses: what is larger is a MemoryError, and no full machine


def main():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)  # what calls print is no answer
    sys.stdout = open(nowhere, "w", encoding="utf-8")  # noqa: SIM115
    import verdicts
    import world

    os.chdir(world.prepare())
    answers.write(b"ready\n")
    for message in sys.stdin:
        call = json.loads(message)
        try:
            found = verdicts.judge(call["line"], call["raises"], call["names"])
        except verdicts.Undrawable as error:
            found = {"verdict": "undrawable", "error": str(error)}
        if found["verdict"] == "changed" or "here(" in call["line"]:
            world.renew()
        answers.write(json.dumps(found).encode() + b"\n")


if __name__ == "__main__":
    main()
