"""Prints the voxels of each label but the background, one JSON object a file: labelCounts.py FILE..."""
import json
import sys

import numpy as np
import pydicom

for name in sys.argv[1:]:
    values, counts = np.unique(pydicom.dcmread(name).pixel_array, return_counts=True)
    print(json.dumps({int(value): int(count) for value, count in zip(values, counts) if value != 0}))
