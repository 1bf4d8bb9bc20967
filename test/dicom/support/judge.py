"""Reads segmentations with pydicom and compares them with what they were made of.

usage: judge.py manifest.jsonl; one JSON object a line:
  file, columns, rows, slices: [{position, sop, frame}], segments: [{tracking, number, runs: {k: [start, length, ...]}}]
prints one JSON object a line: file, objects judged, differing voxels, problems
"""
import json
import sys
import warnings

import numpy as np
import pydicom


def first(item, name):
    sequence = getattr(item, name, None)
    return sequence[0] if sequence else None


def group(frame, shared, name):
    return first(frame, name) or first(shared, name)


def judge(case):
    problems = []
    d = pydicom.dcmread(case["file"])
    rows, columns = case["rows"], case["columns"]
    pixels = d.pixel_array.reshape(-1, rows, columns)
    frames = d.PerFrameFunctionalGroupsSequence
    shared = d.SharedFunctionalGroupsSequence[0]
    positions = np.array([s["position"] for s in case["slices"]], float)
    numbers = [s.SegmentNumber for s in d.SegmentSequence]
    if numbers != list(range(1, len(numbers) + 1)):
        problems.append(f"segment numbers {numbers}")
    tracking = {s.TrackingUID: s.SegmentNumber for s in d.SegmentSequence}
    if len(d.file_meta.FileMetaInformationVersion) != 2:
        problems.append("file meta version")
    expected_bytes = (rows * columns * len(frames) + 7) // 8
    if len(d.PixelData) != expected_bytes + expected_bytes % 2:
        problems.append("pixel data length")
    with warnings.catch_warnings():
        # Values longer than their VR are the source's own, and are repeated as they are.
        warnings.simplefilter("ignore")
        texts = {name: str(d.get(name, "")) for name in case["texts"]}
    for name, value in case["texts"].items():
        if texts[name] != value:
            problems.append(f"{name} is {texts[name]} instead of {value}")
    labels = [s.SegmentLabel for s in d.SegmentSequence]
    if labels != [s["label"] for s in case["segments"]]:
        problems.append(f"labels {labels}")
    layers = np.zeros((len(positions), rows * columns), np.uint8)
    for segment in case["segments"]:
        for k, runs in segment["runs"].items():
            for start, length in zip(runs[::2], runs[1::2]):
                layers[int(k), start : start + length] += 1
    overlap = bool((layers > 1).any())
    if d.SegmentsOverlap != ("YES" if overlap else "NO"):
        problems.append(f"SegmentsOverlap is {d.SegmentsOverlap}")
    placed, ranks, listed = {}, {}, set()
    for index, frame in enumerate(frames):
        number = group(frame, shared, "SegmentIdentificationSequence").ReferencedSegmentNumber
        position = group(frame, shared, "PlanePositionSequence").ImagePositionPatient
        distance = np.linalg.norm(positions - np.array(position, float), axis=1)
        k = int(np.argmin(distance))
        if distance[k] > 1e-4:
            problems.append(f"frame {index} lies on no slice")
        if not pixels[index].any():
            problems.append(f"frame {index} is empty")
        if (number, k) in placed:
            problems.append(f"two frames for segment {number} on slice {k}")
        placed[(number, k)] = pixels[index]
        values = first(frame, "FrameContentSequence").DimensionIndexValues
        if values[0] != number:
            problems.append(f"frame {index}: dimension index")
        ranks.setdefault(k, set()).add(values[1])
        source = frame.DerivationImageSequence[0].SourceImageSequence[0]
        listed.add(source.ReferencedSOPInstanceUID)
        if source.ReferencedSOPInstanceUID != case["slices"][k]["sop"]:
            problems.append(f"frame {index} refers to another image")
        if source.get("ReferencedFrameNumber") != case["slices"][k]["frame"]:
            problems.append(f"frame {index} refers to frame {source.get('ReferencedFrameNumber')}")
    order = [ranks[k] for k in sorted(ranks)]
    if order != [{n + 1} for n in range(len(order))]:
        problems.append(f"position ranks {order}")
    referenced = [i.ReferencedSOPInstanceUID for i in d.ReferencedSeriesSequence[0].ReferencedInstanceSequence]
    if len(referenced) != len(set(referenced)) or set(referenced) != listed:
        problems.append("referenced instances")
    differing = 0
    for segment in case["segments"]:
        number = tracking.get(segment["tracking"])
        if number is None:
            problems.append(f"segment {segment['tracking']} is missing")
            continue
        for k in range(len(positions)):
            mask = np.zeros(rows * columns, np.uint8)
            runs = segment["runs"].get(str(k), [])
            for start, length in zip(runs[::2], runs[1::2]):
                mask[start : start + length] = 1
            actual = placed.pop((number, k), np.zeros((rows, columns), np.uint8))
            differing += int((mask != actual.reshape(-1)).sum())
    if placed:
        problems.append(f"{len(placed)} frames of no segment")
    return {"file": case["file"], "differing": differing, "problems": problems}


with open(sys.argv[1], encoding="utf-8") as manifest:
    lines = manifest.readlines()
for line in lines:
    case = json.loads(line)
    try:
        verdict = judge(case)
    except Exception as error:  # a reader that cannot read is a verdict too
        verdict = {"file": case["file"], "differing": -1, "problems": [f"{type(error).__name__}: {error}"]}
    print(json.dumps(verdict))
