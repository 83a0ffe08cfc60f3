"""Prints what Slither's detectors say of a standard JSON input, as one JSON array: the compiler, the input."""

import inspect
import json
import sys

from crytic_compile import CryticCompile
from crytic_compile.platform.solc_standard_json import SolcStandardJson
from slither import Slither
from slither.detectors import all_detectors
from slither.detectors.abstract_detector import AbstractDetector

compiler, path = sys.argv[1:3]
with open(path, encoding="utf-8") as file:
    slither = Slither(CryticCompile(SolcStandardJson(json.load(file)), solc=compiler))
for _, detector in inspect.getmembers(all_detectors, inspect.isclass):
    if issubclass(detector, AbstractDetector) and detector is not AbstractDetector:
        slither.register_detector(detector)
json.dump(
    [
        {"check": found["check"], "impact": found["impact"], "text": found["description"].split("\n")[0]}
        for results in slither.run_detectors()
        for found in results
    ],
    sys.stdout,
)
