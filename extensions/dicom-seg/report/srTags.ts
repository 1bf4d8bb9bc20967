/** Attributes of structured reports, by keyword (PS3.6). */
export const SrTag = {
  ProcedureCodeSequence: '00081032',
  ReferencedPerformedProcedureStepSequence: '00081111',
  RelationshipType: '0040A010',
  ValueType: '0040A040',
  ConceptNameCodeSequence: '0040A043',
  ContinuityOfContent: '0040A050',
  PersonName: '0040A123',
  UID: '0040A124',
  TextValue: '0040A160',
  ConceptCodeSequence: '0040A168',
  MeasuredValueSequence: '0040A300',
  NumericValue: '0040A30A',
  MeasurementUnitsCodeSequence: '004008EA',
  PerformedProcedureCodeSequence: '0040A372',
  CurrentRequestedProcedureEvidenceSequence: '0040A375',
  CompletionFlag: '0040A491',
  VerificationFlag: '0040A493',
  ContentTemplateSequence: '0040A504',
  MappingResource: '00080105',
  TemplateIdentifier: '0040DB00',
  ContentSequence: '0040A730',
} as const;

export const COMPREHENSIVE_3D_SR_STORAGE = '1.2.840.10008.5.1.4.1.1.88.34';
