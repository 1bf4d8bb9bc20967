"""Compares a stored segmentation, decoded by pydicom alone, with what the viewer showed.

usage: compare_shown.py segmentation.dcm shown.json source-folder
  shown.json: for each segment in order, {SOP Instance UID: [index of each set pixel, row * columns + column]}
prints one JSON object: segments, frames, voxels, differing, problems
"""
import json
import pathlib
import sys

import numpy as np
import pydicom

segmentation = pydicom.dcmread(sys.argv[1])
shown = json.loads(pathlib.Path(sys.argv[2]).read_text(encoding="utf-8"))
sources = {}
for path in filter(pathlib.Path.is_file, pathlib.Path(sys.argv[3]).rglob("*")):
    image = pydicom.dcmread(path, stop_before_pixels=True, force=True)
    if image.get("Modality") == "SEG":
        continue
    sources[image.get("SOPInstanceUID")] = image

pixels = segmentation.pixel_array.reshape(-1, segmentation.Rows, segmentation.Columns)
shared = segmentation.SharedFunctionalGroupsSequence[0]
problems = []
found = {}
for index, frame in enumerate(segmentation.PerFrameFunctionalGroupsSequence):
    number = frame.SegmentIdentificationSequence[0].ReferencedSegmentNumber
    reference = frame.DerivationImageSequence[0].SourceImageSequence[0]
    source = sources.get(reference.ReferencedSOPInstanceUID)
    if source is None:
        problems.append(f"frame {index} names an image that is not in the series")
        continue
    position = frame.PlanePositionSequence[0].ImagePositionPatient
    distance = np.linalg.norm(np.array(position, float) - np.array(source.ImagePositionPatient, float))
    orientation = (frame if "PlaneOrientationSequence" in frame else shared).PlaneOrientationSequence[0]
    turned = np.abs(np.array(orientation.ImageOrientationPatient, float) - np.array(source.ImageOrientationPatient, float))
    if distance > 1e-4 or turned.max() > 1e-6:
        problems.append(f"frame {index} does not lie on the plane of the image that it names")
    if reference.ReferencedSOPClassUID != source.SOPClassUID:
        problems.append(f"frame {index} names another SOP class")
    found[(number, reference.ReferencedSOPInstanceUID)] = set(np.flatnonzero(pixels[index]).tolist())

differing = voxels = 0
for number, slices in enumerate(shown, start=1):
    for uid, indices in slices.items():
        voxels += len(indices)
        differing += len(set(indices) ^ found.pop((number, uid), set()))
differing += sum(len(rest) for rest in found.values())
print(json.dumps({
    "segments": [s.SegmentLabel for s in segmentation.SegmentSequence],
    "algorithms": [s.SegmentAlgorithmType for s in segmentation.SegmentSequence],
    "frames": int(segmentation.NumberOfFrames),
    "voxels": voxels,
    "differing": differing,
    "problems": problems,
}))
