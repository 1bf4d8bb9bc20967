"""The embedded archive through PyPI's dicomweb-client: argv is the DICOMweb root and a folder of Part-10 files. Prints JSON."""
import json
import os
import sys
from io import BytesIO

import pydicom
from dicomweb_client.api import DICOMwebClient

root, folder = sys.argv[1:3]
client = DICOMwebClient(root)
given = [pydicom.dcmread(os.path.join(folder, name)) for name in sorted(os.listdir(folder))]
answer = client.store_instances(given)
first = given[0]
study, series = first.StudyInstanceUID, first.SeriesInstanceUID
studies = client.search_for_studies(search_filters={"PatientID": first.PatientID})
metadata = client.retrieve_series_metadata(study, series)
whole = client.retrieve_series(study, series)
frames = client.retrieve_instance_frames(study, series, first.SOPInstanceUID, [1])
by_uid = {it.SOPInstanceUID: it for it in given}


def written(dataset):
    buffer = BytesIO()
    pydicom.dcmwrite(buffer, dataset, enforce_file_format=True)
    return pydicom.dcmread(BytesIO(buffer.getvalue()))


print(
    json.dumps(
        {
            "stored": len(answer.ReferencedSOPSequence),
            "failed": len(getattr(answer, "FailedSOPSequence", [])),
            "studies": len(studies),
            "instances": len(client.search_for_instances(study, series)),
            "metadata": sorted(it["00080018"]["Value"][0] for it in metadata) == sorted(by_uid),
            "same": all(written(it) == written(by_uid[it.SOPInstanceUID]) for it in whole) and len(whole) == len(given),
            "frame": bytes(frames[0]) == first.PixelData,
        }
    )
)
