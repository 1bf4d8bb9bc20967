"""Prints the SHA-256 of the stored values of each object, one-bit pixels as bytes of 0 and 1: hashes.py FILE..."""
import hashlib
import sys

import pydicom

for name in sys.argv[1:]:
    print(hashlib.sha256(pydicom.dcmread(name).pixel_array.tobytes()).hexdigest())
