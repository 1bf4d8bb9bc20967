"""Reads measurement reports with pydicom and compares every number and reference with what is expected.

usage: judgeReport.py manifest.jsonl; one JSON object a line:
  file, segmentation (file), series, modality, intensityUnit (code value or null), procedure (code value),
  sources: [DICOM files] of the images (all numbers but the short axis are then measured here again, from the files),
  groups: [{tracking, label, type, category, site, laterality, volume (cm3), long, short (mm), mean, sd, min, max}]; null where absent
prints one JSON object a line: file, groups, numbers compared, problems
"""
import json
import sys

import numpy as np
import pydicom
from pydicom.sr._concepts_dict import concepts

KNOWN = {
    (scheme, value): entry[0].lower()
    for scheme, words in concepts.items()
    for codes in words.values()
    for value, entry in codes.items()
}


def walk(item):
    for child in item.get("ContentSequence", []):
        yield child
        yield from walk(child)


def named(item, value):
    return [c for c in item.get("ContentSequence", []) if c.ConceptNameCodeSequence[0].CodeValue == value]


def code(item):
    return item.ConceptCodeSequence[0].CodeValue


def longest(mask, row_spacing, column_spacing):
    """Largest distance, mm, of two edge midpoints of one 8-connected part of a slice."""
    rows, columns = mask.shape
    left, best = {(int(y), int(x)) for y, x in np.argwhere(mask)}, 0.0
    while left:
        open_, points = [left.pop()], []
        while open_:
            y, x = open_.pop()
            for dy, dx in ((0, 1), (0, -1), (1, 0), (-1, 0)):
                v, u = y + dy, x + dx
                if not (0 <= v < rows and 0 <= u < columns and mask[v, u]):
                    points.append(((x + dx / 2) * column_spacing, (y + dy / 2) * row_spacing))
            for near in [(y + dy, x + dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]:
                if near in left:
                    left.remove(near)
                    open_.append(near)
        points = np.array(points)
        best = max(best, float(np.sqrt(((points[:, None] - points[None]) ** 2).sum(-1)).max()))
    return best


def measured(seg, sources, number, has_unit):
    """Volume, statistics and longest diameter of a segment, from the segmentation's pixels and the images that its frames refer to."""
    images = {d.SOPInstanceUID: d for d in map(pydicom.dcmread, sources)}
    orientation = np.array(next(iter(images.values())).ImageOrientationPatient, float)
    normal = np.cross(orientation[:3], orientation[3:])
    heights = sorted(float(np.dot(np.array(d.ImagePositionPatient, float), normal)) for d in images.values())
    step = (heights[-1] - heights[0]) / (len(heights) - 1)
    frames = seg.pixel_array.reshape(-1, seg.Rows, seg.Columns)
    volume, long, values = 0.0, 0.0, []
    for frame, mask in zip(seg.PerFrameFunctionalGroupsSequence, frames):
        if frame.SegmentIdentificationSequence[0].ReferencedSegmentNumber != number:
            continue
        uid = frame.DerivationImageSequence[0].SourceImageSequence[0].ReferencedSOPInstanceUID
        image = images[uid]
        row_spacing, column_spacing = map(float, image.PixelSpacing)
        volume += mask.sum() * row_spacing * column_spacing * step / 1000
        long = max(long, longest(mask, row_spacing, column_spacing))
        values.append(image.pixel_array[mask == 1] * float(image.RescaleSlope) + float(image.RescaleIntercept) if has_unit else [])
    values = np.concatenate(values)
    statistics = {"mean": values.mean(), "sd": values.std(), "min": values.min(), "max": values.max()} if has_unit else {}
    return {"volume": volume, "long": long, **{k: float(v) for k, v in statistics.items()}}


def judge(case):
    problems, compared = [], 0
    d, seg = pydicom.dcmread(case["file"]), pydicom.dcmread(case["segmentation"])
    root = d.ConceptNameCodeSequence[0]
    if (root.CodeValue, root.CodingSchemeDesignator) != ("126000", "DCM"):
        problems.append("title")
    if d.ContentTemplateSequence[0].TemplateIdentifier != "1500" or d.Modality != "SR":
        problems.append("template or modality")
    for keyword in ("StudyInstanceUID", "PatientID", "PatientName", "StudyDate", "AccessionNumber"):
        if d.get(keyword) != seg.get(keyword):
            problems.append(keyword)
    # Words of the standard's own code lists, as pydicom has them (a synonym is not a problem of DCM codes only).
    for item in walk(d):
        concept = item.ConceptNameCodeSequence[0]
        known = KNOWN.get((concept.CodingSchemeDesignator, concept.CodeValue))
        if known is not None and concept.CodingSchemeDesignator == "DCM" and known != concept.CodeMeaning.lower():
            problems.append(f"{concept.CodeValue} is {known}")
    if [code(c) for c in named(d, "121049")] != ["en"] or [code(c) for c in named(d, "121058")] != [case["procedure"]]:
        problems.append("language or procedure")
    if [code(c) for c in named(d, "121005")] != ["121006", "121007"] or len(named(d, "121012")) != 1:
        problems.append("observers")
    evidence = {
        (series.SeriesInstanceUID, sop.ReferencedSOPInstanceUID)
        for study in d.CurrentRequestedProcedureEvidenceSequence
        for series in study.ReferencedSeriesSequence
        for sop in series.ReferencedSOPSequence
    }
    images = {
        (case["series"], i.ReferencedSOPInstanceUID)
        for s in seg.ReferencedSeriesSequence
        for i in s.ReferencedInstanceSequence
    }
    if evidence != images | {(seg.SeriesInstanceUID, seg.SOPInstanceUID)}:
        problems.append("evidence")
    groups = named(named(d, "126010")[0], "125007")
    if len(groups) != len(case["groups"]):
        problems.append(f"{len(groups)} groups")
    segments = {s.SegmentNumber: s for s in seg.SegmentSequence}
    for group, expected in zip(groups, case["groups"]):
        if group.ContentTemplateSequence[0].TemplateIdentifier != "1411":
            problems.append("group template")
        reference = named(group, "121191")[0].ReferencedSOPSequence[0]
        segment = segments[reference.ReferencedSegmentNumber]
        if (reference.ReferencedSOPClassUID, reference.ReferencedSOPInstanceUID) != (seg.SOPClassUID, seg.SOPInstanceUID):
            problems.append("reference")
        tracking = named(group, "112040")[0].UID
        if not (tracking == segment.TrackingUID == expected["tracking"]):
            problems.append("tracking UID")
        if not (named(group, "112039")[0].TextValue == segment.TrackingID == expected["label"]):
            problems.append("tracking identifier")
        if named(group, "121232")[0].UID != case["series"]:
            problems.append("source series")
        if code(named(group, "121071")[0]) != expected["type"] or code(named(group, "276214006")[0]) != expected["category"]:
            problems.append("finding")
        sites = named(group, "363698007")
        if [code(s) for s in sites] != ([] if expected["site"] is None else [expected["site"]]):
            problems.append("finding site")
        sides = [code(c) for s in sites for c in named(s, "272741003")]
        if sides != ([] if expected["laterality"] is None else [expected["laterality"]]):
            problems.append("laterality")
        if case["sources"]:
            again = measured(seg, case["sources"], segment.SegmentNumber, case["intensityUnit"] is not None)
            expected = {**expected, **again}
        found = {}
        for item in group.ContentSequence:
            if item.ValueType != "NUM":
                continue
            derivation = [code(c) for c in named(item, "121401")]
            value = item.MeasuredValueSequence[0]
            unit = value.MeasurementUnitsCodeSequence[0]
            key = (item.ConceptNameCodeSequence[0].CodeValue, *derivation)
            found[key] = (float(value.NumericValue), unit.CodeValue, unit.CodingSchemeDesignator)
        concept = "126401" if case["modality"] == "PT" else "112031"
        wanted = {
            ("118565006",): (expected["volume"], "cm3"),
            ("103339001",): (expected["long"], "mm"),
            ("103340004",): (expected["short"], "mm"),
            (concept, "373098007"): (expected["mean"], case["intensityUnit"]),
            (concept, "386136009"): (expected["sd"], case["intensityUnit"]),
            (concept, "255605001"): (expected["min"], case["intensityUnit"]),
            (concept, "56851009"): (expected["max"], case["intensityUnit"]),
        }
        for key, (value, unit) in wanted.items():
            actual = found.pop(key, None)
            if value is None:
                if actual is not None:
                    problems.append(f"{key} should be absent")
                continue
            compared += 1
            if actual is None or abs(actual[0] - value) > 1e-6 * max(1, abs(value)) or actual[1:] != (unit, "UCUM"):
                problems.append(f"{key}: {actual}, expected {value} {unit}")
        if found:
            problems.append(f"also {list(found)}")
    return {"file": case["file"], "groups": len(groups), "compared": compared, "problems": problems}


with open(sys.argv[1], encoding="utf-8") as manifest:
    for line in manifest:
        print(json.dumps(judge(json.loads(line))))
