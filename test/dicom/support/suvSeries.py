"""Writes small PET series, each a way in which scanners tell what SUV takes, and what pydicom, numpy and datetime make of them.

usage: suvSeries.py FOLDER SEED; prints a line of JSON for each series: folder, SUV of every voxel in slice order, or null.
"""
import json, os, random, sys, warnings
from datetime import datetime, timedelta, timezone
import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian, generate_uid

folder, seed = sys.argv[1], int(sys.argv[2])
rng = random.Random(seed)
SLICES, SIDE = 3, 5


def da(t): return t.strftime('%Y%m%d')
def tm(t): return t.strftime('%H%M%S') + '.%02d' % (t.microsecond // 10000)


def series(name, kind):
    start = datetime(2021, 3, 1 + rng.randrange(25), rng.randrange(9, 17), rng.randrange(60), rng.randrange(60))
    if kind == 'midnight':
        start = start.replace(hour=0, minute=rng.randrange(10, 50))
    wait = timedelta(minutes=rng.uniform(50, 100)) if kind != 'zirconium' else timedelta(days=3, hours=2)
    injected = (start - wait).replace(microsecond=0)
    half_life = {'zirconium': 282240.0, 'gallium': 4057.7}.get(kind, 6586.2)
    dose, weight = round(rng.uniform(1.5e8, 4.5e8)), round(rng.uniform(12, 140), 1)
    elapsed = (start - injected).total_seconds()
    left = dose if kind == 'admin' else dose * np.exp(-np.log(2) * elapsed / half_life)
    factor = weight * 1000 / left
    implicit = kind.startswith('philips') and rng.random() < 0.5
    os.mkdir(os.path.join(folder, name))
    study, uid, frame_of_reference = generate_uid(), generate_uid(), generate_uid()
    philips = rng.uniform(1e-4, 1e-3) if kind == 'philips-suv' else rng.uniform(0.5, 3)
    expected = []
    for k in range(SLICES):
        d = Dataset()
        d.file_meta = FileMetaDataset()
        d.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian if implicit else ExplicitVRLittleEndian
        d.file_meta.MediaStorageSOPClassUID = d.SOPClassUID = '1.2.840.10008.5.1.4.1.1.128'
        d.file_meta.MediaStorageSOPInstanceUID = d.SOPInstanceUID = generate_uid()
        d.is_little_endian, d.is_implicit_VR = True, implicit
        d.StudyInstanceUID, d.SeriesInstanceUID, d.FrameOfReferenceUID = study, uid, frame_of_reference
        d.Modality, d.InstanceNumber = 'PT', k + 1
        d.PatientWeight = None if kind == 'no-weight' else weight
        bed = start + timedelta(seconds=150 * k)
        d.SeriesDate, d.SeriesTime = da(start), tm(start)
        d.AcquisitionDate, d.AcquisitionTime = da(bed), tm(bed)
        duration = 140.0
        rate = np.log(2) / half_life
        middle = np.log(rate * duration / (1 - np.exp(-rate * duration))) / rate
        d.FrameReferenceTime = round((150 * k + middle) * 1000)
        d.ActualFrameDuration = int(duration * 1000)
        if kind in ('workstation', 'ge'):
            later = start + timedelta(hours=5)
            d.SeriesDate, d.SeriesTime = da(later), tm(later)
        if kind == 'ge':
            d.FrameReferenceTime = 0
            block = d.private_block(0x0009, 'GEMS_PETD_01', create=True)
            block.add_new(0x0D, 'DT', start.strftime('%Y%m%d%H%M%S.00'))
        d.DecayCorrection = {'admin': 'ADMIN', 'uncorrected': 'NONE'}.get(kind, 'START')
        d.CorrectedImage = ['DECY', 'SCAT'] if kind == 'no-attenuation' else ['DECY', 'ATTN', 'SCAT', 'DTIM', 'NORM']
        item = Dataset()
        item.RadionuclideTotalDose, item.RadionuclideHalfLife = dose, half_life
        item.RadiopharmaceuticalStartTime = tm(injected)
        if kind in ('dated', 'zirconium'):
            item.RadiopharmaceuticalStartDateTime = injected.strftime('%Y%m%d%H%M%S')
        if kind == 'zones':
            here = timezone(timedelta(hours=-5))
            d.TimezoneOffsetFromUTC = '-0500'
            item.RadiopharmaceuticalStartDateTime = injected.replace(tzinfo=here).astimezone(timezone.utc).strftime('%Y%m%d%H%M%S%z')
        d.RadiopharmaceuticalInformationSequence = Sequence([item])
        d.Units = {'gml': 'GML', 'philips-suv': 'CNTS', 'philips-activity': 'CNTS'}.get(kind, 'BQML')
        if kind.startswith('philips'):
            block = d.private_block(0x7053, 'Philips PET Private Group', create=True)
            block.add_new(0x00, 'DS', '%.8g' % (philips if kind == 'philips-suv' else 0))
            block.add_new(0x09, 'DS', '%.8g' % philips)
        d.Rows = d.Columns = SIDE
        d.PixelSpacing, d.ImageOrientationPatient = [4, 4], [1, 0, 0, 0, 1, 0]
        d.ImagePositionPatient, d.SliceThickness = [0, 0, 3 * k], 3
        d.SamplesPerPixel, d.PhotometricInterpretation = 1, 'MONOCHROME2'
        d.BitsAllocated = d.BitsStored = 16
        d.HighBit, d.PixelRepresentation = 15, 0
        slope = float('%.8g' % rng.uniform(0.1, 3))
        d.RescaleSlope, d.RescaleIntercept = '%.8g' % slope, 0
        stored = np.array([rng.randrange(30000) for _ in range(SIDE * SIDE)], dtype='<u2')
        d.PixelData = stored.tobytes()
        d.save_as(os.path.join(folder, name, '%d.dcm' % k), write_like_original=False)
        scale = {'gml': 1.0, 'philips-suv': float('%.8g' % philips), 'philips-activity': float('%.8g' % philips) * factor}.get(kind, factor)
        expected.append((stored.astype(float) * slope * scale).tolist())
    refused = kind in ('no-weight', 'uncorrected', 'no-attenuation')
    print(json.dumps({'name': name, 'kind': kind, 'suv': None if refused else expected}))


KINDS = ['plain', 'midnight', 'gallium', 'zirconium', 'admin', 'dated', 'zones', 'workstation', 'ge', 'philips-suv', 'philips-activity', 'gml',
         'no-weight', 'uncorrected', 'no-attenuation']
for number, kind in enumerate(KINDS * 2):
    series('%02d-%s' % (number, kind), kind)
