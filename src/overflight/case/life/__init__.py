"""The life of a case: events, the fold over them, and what the desk decides on top of it.

- `events`: what can happen; `fold`: from events to a `model.Case`; `headline`, `agenda`, `plans`, `answers`:
  what follows from it. All of that is pure.
- `statements`, `compose`, `draft`, `paper`: what a state may be told, and the telegrams that say it.
- `ways`: what refusals leave open; `geography` asks the earth, once for each plan.
- `desk` loads and appends; `planning`, `requests`, `replies`, `repairs`, `filing` are what a person can do.
"""
