"""The peer: nomenklatura's ``logic-v2`` on pairs, run by an interpreter that has it (see screening.py).

Reads lines of JSON {"kind", "query", "listed": [], "countries": []} on stdin; writes a score for each and,
last, the pairs it compared a second.
"""

import json
import sys
import time


def main() -> None:
    from followthemoney import model
    from nomenklatura.matching import get_algorithm

    algorithm = get_algorithm("logic-v2")
    config = algorithm.default_config()
    schemas = {"person": "Person", "body": "Organization", "aircraft": "Airplane"}
    pairs = []
    for at, line in enumerate(sys.stdin):
        row = json.loads(line)
        schema = schemas[row["kind"]]
        query, listed = (model.make_entity(schema) for _ in range(2))
        query.id, listed.id = f"q{at}", f"l{at}"
        if row["kind"] == "aircraft":
            query.add("registrationNumber", row["query"])
            for mark in row["listed"]:
                listed.add("registrationNumber", mark)
            query.add("name", row["query"])
            listed.add("name", row["listed"])
        else:
            query.add("name", row["query"])
            listed.add("name", row["listed"][:1])
            listed.add("alias", row["listed"][1:])
        pairs.append((query, listed))
    scores = [algorithm.compare(query, listed, config).score for query, listed in pairs]
    for score in scores:
        print(json.dumps(score))
    # Tables are loaded by now; other pairs than those, so that nothing is remembered.
    others = [(query, pairs[-1 - at][1]) for at, (query, _) in enumerate(pairs)]
    others = [(query, listed) for query, listed in others if query.schema == listed.schema]
    start = time.process_time()
    for query, listed in others:
        algorithm.compare(query, listed, config)
    print(json.dumps(len(others) / (time.process_time() - start)))


if __name__ == "__main__":
    main()
