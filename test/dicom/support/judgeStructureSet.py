"""Fills the contours of RT Structure Sets at pixel centres (even-odd, ray crossing) and compares with the masks they were made of.

usage: judgeStructureSet.py manifest.jsonl; one JSON object a line:
  file, columns, rows, frame (of reference), series, slices: [{position, row, column, spacing: [row, column], sop, frame}],
  rois: [{name, type: [value, scheme, meaning], runs: {k: [start, length, ...]}}]
prints one JSON object a line: file, rois, contours, differing (voxels), union (voxels that differ if contours are added up), problems
"""
import json
import sys

import numpy as np
import pydicom


def fill(points, columns, rows):
    """Even-odd fill of a polygon in pixel coordinates, tested at pixel centres: which edges does a ray towards +x cross?"""
    inside = np.zeros((rows, columns), bool)
    closed = np.vstack([points, points[:1]])
    low, high = int(np.floor(points[:, 1].min())), int(np.ceil(points[:, 1].max()))
    x0, y0, x1, y1 = closed[:-1, 0], closed[:-1, 1], closed[1:, 0], closed[1:, 1]
    for j in range(max(0, low), min(rows - 1, high) + 1):
        crosses = (y0 > j) != (y1 > j)
        at = x0[crosses] + (j - y0[crosses]) * (x1[crosses] - x0[crosses]) / (y1[crosses] - y0[crosses])
        inside[j] = (at[None, :] > np.arange(columns)[:, None]).sum(axis=1) % 2 == 1
    return inside


def judge(case):
    problems = []
    d = pydicom.dcmread(case["file"])
    rows, columns = case["rows"], case["columns"]
    if str(d.file_meta.TransferSyntaxUID) != "1.2.840.10008.1.2" or d.Modality != "RTSTRUCT":
        problems.append("not a structure set in implicit VR")
    if not d.StructureSetLabel:
        problems.append("no label")
    reference = d.ReferencedFrameOfReferenceSequence[0]
    series = reference.RTReferencedStudySequence[0].RTReferencedSeriesSequence[0]
    if reference.FrameOfReferenceUID != case["frame"] or series.SeriesInstanceUID != case["series"]:
        problems.append("frame of reference or series")
    listed = {image.ReferencedSOPInstanceUID for image in series.ContourImageSequence}
    slices = [
        (np.array(s["position"]), np.array(s["row"]), np.array(s["column"]), s["spacing"], s["sop"], s["frame"])
        for s in case["slices"]
    ]
    names = {roi.ROINumber: roi for roi in d.StructureSetROISequence}
    types = {
        o.ReferencedROINumber: o.RTROIIdentificationCodeSequence[0] for o in d.RTROIObservationsSequence
    }
    contours = differing = union_differing = 0
    if len(d.ROIContourSequence) != len(case["rois"]):
        problems.append("number of ROIs")
    for item, expected in zip(d.ROIContourSequence, case["rois"]):
        number = item.ReferencedROINumber
        code = types[number]
        if names[number].ROIName != expected["name"]:
            problems.append(f"name {names[number].ROIName}")
        if names[number].ReferencedFrameOfReferenceUID != case["frame"]:
            problems.append("frame of reference of an ROI")
        if [code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning] != expected["type"]:
            problems.append("type")
        odd = np.zeros((len(slices), rows, columns), bool)
        union = np.zeros_like(odd)
        for contour in item.ContourSequence:
            contours += 1
            points = np.array(contour.ContourData, float).reshape(-1, 3)
            if contour.ContourGeometricType != "CLOSED_PLANAR" or len(points) != contour.NumberOfContourPoints:
                problems.append("contour type or number of points")
            normal = np.cross(slices[0][1], slices[0][2])
            k = int(np.argmin([abs(np.dot(points[0] - s[0], normal)) for s in slices]))
            position, row, column, spacing, sop, frame = slices[k]
            if np.abs((points - position) @ normal).max() > 1e-5:
                problems.append("a contour leaves its slice")
            image = contour.ContourImageSequence[0]
            if image.ReferencedSOPInstanceUID != sop or image.get("ReferencedFrameNumber") != frame or sop not in listed:
                problems.append("a contour refers to another image")
            offset = points - position
            inside = fill(np.stack([offset @ row / spacing[1], offset @ column / spacing[0]], axis=1), columns, rows)
            odd[k] ^= inside
            union[k] |= inside
        mask = np.zeros((len(slices), rows * columns), bool)
        for k, runs in expected["runs"].items():
            for start, length in zip(runs[::2], runs[1::2]):
                mask[int(k), start : start + length] = True
        differing += int((odd.reshape(mask.shape) != mask).sum())
        union_differing += int((union.reshape(mask.shape) != mask).sum())
    return {
        "file": case["file"],
        "rois": len(case["rois"]),
        "contours": contours,
        "differing": differing,
        "union": union_differing,
        "problems": sorted(set(problems)),
    }


with open(sys.argv[1], encoding="utf-8") as manifest:
    for line in manifest:
        print(json.dumps(judge(json.loads(line))))
