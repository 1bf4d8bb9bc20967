"""Reads NIfTI files with nibabel and compares them with the DICOM files that they were made of, read with pydicom.

usage: judgeNifti.py manifest.jsonl; one JSON object a line:
  file, sources: [DICOM files], values: {value: {k: [start, length, ...]}}, k counting along the normal of the slices
prints one JSON object a line: file, differing (voxels), sform and qform (largest distance from DICOM, mm), problems
"""
import json
import sys

import nibabel as nib
import numpy as np
import pydicom


def planes(files):
    """(position, row direction, column direction, row spacing, column spacing, shape) of each frame, by height."""
    found = []
    for name in files:
        d = pydicom.dcmread(name, stop_before_pixels=True)
        if "PerFrameFunctionalGroupsSequence" not in d:
            found.append((d.ImagePositionPatient, d.ImageOrientationPatient, d.PixelSpacing, (d.Columns, d.Rows)))
            continue
        shared = d.SharedFunctionalGroupsSequence[0]
        for frame in d.PerFrameFunctionalGroupsSequence:
            of = lambda macro: getattr(frame if macro in frame else shared, macro)[0]
            found.append(
                (
                    of("PlanePositionSequence").ImagePositionPatient,
                    of("PlaneOrientationSequence").ImageOrientationPatient,
                    of("PixelMeasuresSequence").PixelSpacing,
                    (d.Columns, d.Rows),
                )
            )
    normal = np.cross(np.array(found[0][1][:3], float), np.array(found[0][1][3:], float))
    return sorted(found, key=lambda plane: float(np.dot(np.array(plane[0], float), normal)))


def judge(case):
    problems = []
    image = nib.load(case["file"])
    stack = planes(case["sources"])
    columns, rows = stack[0][3]
    if image.shape != (columns, rows, len(stack)):
        problems.append(f"shape {image.shape}")
    for name in ("sform_code", "qform_code"):
        if int(image.header[name]) != 1:
            problems.append(name)
    if image.header.get_xyzt_units()[0] != "mm":
        problems.append("units")
    worst = {"sform": 0.0, "qform": 0.0}
    for name, affine in (("sform", image.get_sform()), ("qform", image.get_qform())):
        for k, (position, orientation, spacing, _) in enumerate(stack):
            for i, j in ((0, 0), (columns - 1, 0), (0, rows - 1), (columns - 1, rows - 1)):
                row, column = np.array(orientation[:3], float), np.array(orientation[3:], float)
                lps = np.array(position, float) + row * float(spacing[1]) * i + column * float(spacing[0]) * j
                ours = (affine @ [i, j, k, 1])[:3]
                worst[name] = max(worst[name], float(np.linalg.norm(ours - lps * [-1, -1, 1])))
    expected = np.zeros((len(stack), rows * columns), int)
    for value, slices in case["values"].items():
        for k, runs in slices.items():
            for start, length in zip(runs[::2], runs[1::2]):
                expected[int(k), start : start + length] = int(value)
    actual = np.asarray(image.dataobj).transpose(2, 1, 0).reshape(len(stack), -1)
    return {"file": case["file"], "differing": int((actual != expected).sum()), **worst, "problems": problems}


with open(sys.argv[1], encoding="utf-8") as manifest:
    for line in manifest:
        print(json.dumps(judge(json.loads(line))))
