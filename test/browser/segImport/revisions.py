"""What pydicom reads of segmentations that revise one another: one JSON object a line, by instance number."""
import json
import sys

import pydicom

found = []
for path in sys.argv[1:]:
    ds = pydicom.dcmread(path)
    revised = [
        instance.ReferencedSOPInstanceUID
        for study in ds.get("PredecessorDocumentsSequence", [])
        for series in study.ReferencedSeriesSequence
        for instance in series.ReferencedSOPSequence
    ]
    found.append({
        "kind": ds.SegmentationType,
        "sop": ds.SOPInstanceUID,
        "series": ds.SeriesInstanceUID,
        "seriesNumber": int(ds.SeriesNumber),
        "instance": int(ds.InstanceNumber),
        "revises": revised,
        "tracking": [item.TrackingUID for item in ds.SegmentSequence if "TrackingUID" in item],
        "voxels": int((ds.pixel_array != 0).sum()),
    })
print(json.dumps(sorted(found, key=lambda one: one["instance"])))
