"""Nothing is lost: shown, not said. Real operations on real environments, killed, starved and contested; after each, a
checker that asks whether the promise was kept. ``python -m tests.chaos``, ``make chaos KILLS=5000``; see docs/chaos.md.

``packages``    a small channel, so that an operation takes half a second
``ground``      a machine to do it on: foreign things that nobody may touch, and what is there before
``operations``  each operation: what is there before, how it is begun
``wholeness``   whether one environment is whole, and what is in it
``checker``     the promise
``fatal``       death at a chosen change of the disk: by Python's audit events, and by calls of the C library
``kills``       one kill, the next start, the check
``disk``, ``network``, ``contest``  the other ways to fail
"""
