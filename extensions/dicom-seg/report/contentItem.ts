import type { DicomDataset } from '#core/dicom/dataset.ts';
import type { Code } from '#core/terminology/code.ts';
import { codeItem, codeSequence } from '../model/codes.ts';
import { decimalString } from '../model/decimalString.ts';
import { element, fitted, sequence } from '../model/element.ts';
import { SegTag } from '../model/tags.ts';
import { SrTag } from './srTags.ts';

/** How a content item relates to the one that holds it (PS3.3 C.17.3.2.4). */
export type Relationship = 'CONTAINS' | 'HAS OBS CONTEXT' | 'HAS CONCEPT MOD';

/** One node of a report without its place in it: {@link related} gives it one. */
export interface ContentItem {
  readonly valueType: 'CONTAINER' | 'CODE' | 'TEXT' | 'PNAME' | 'UIDREF' | 'NUM' | 'IMAGE';
  readonly concept: Code;
  readonly elements: DicomDataset;
  readonly children: readonly DicomDataset[];
}

const item = (
  valueType: ContentItem['valueType'],
  concept: Code,
  elements: DicomDataset,
  children: readonly DicomDataset[] = [],
): ContentItem => ({ valueType, concept, elements, children });

/** A container of separate items made by a template of PS3.16, where it has one. */
export const container = (concept: Code, children: readonly DicomDataset[], template?: string): ContentItem =>
  item(
    'CONTAINER',
    concept,
    {
      [SrTag.ContinuityOfContent]: element('CS', 'SEPARATE'),
      ...(template === undefined
        ? {}
        : {
            [SrTag.ContentTemplateSequence]: sequence({
              [SrTag.MappingResource]: element('CS', 'DCMR'),
              [SrTag.TemplateIdentifier]: element('CS', template),
            }),
          }),
    },
    children,
  );

export const coded = (concept: Code, value: Code, children: readonly DicomDataset[] = []): ContentItem =>
  item('CODE', concept, { [SrTag.ConceptCodeSequence]: codeSequence(value) }, children);

export const textItem = (concept: Code, value: string): ContentItem =>
  item('TEXT', concept, { [SrTag.TextValue]: element('UT', fitted(value, 1024)) });

export const personName = (concept: Code, value: string): ContentItem =>
  item('PNAME', concept, { [SrTag.PersonName]: element('PN', value) });

export const uidReference = (concept: Code, uid: string): ContentItem =>
  item('UIDREF', concept, { [SrTag.UID]: element('UI', uid) });

/** A measurement with its unit (UCUM), and the modifiers that say how it was derived. */
export const measurement = (
  concept: Code,
  value: number,
  unit: Code,
  children: readonly DicomDataset[] = [],
): ContentItem =>
  item(
    'NUM',
    concept,
    {
      [SrTag.MeasuredValueSequence]: sequence({
        [SrTag.MeasurementUnitsCodeSequence]: sequence(codeItem(unit)),
        [SrTag.NumericValue]: element('DS', decimalString(value)),
      }),
    },
    children,
  );

/** One segment of a segmentation (PS3.3 C.17.3.2.2). */
export const segmentReference = (
  concept: Code,
  sopClassUID: string,
  sopInstanceUID: string,
  segmentNumber: number,
): ContentItem =>
  item('IMAGE', concept, {
    [SegTag.ReferencedSOPSequence]: sequence({
      [SegTag.ReferencedSOPClassUID]: element('UI', sopClassUID),
      [SegTag.ReferencedSOPInstanceUID]: element('UI', sopInstanceUID),
      [SegTag.ReferencedSegmentNumber]: element('US', segmentNumber),
    }),
  });

/** The elements of a node; the root of a report has no relationship. */
export const contentOf = ({ valueType, concept, elements, children }: ContentItem): DicomDataset => ({
  [SrTag.ValueType]: element('CS', valueType),
  [SrTag.ConceptNameCodeSequence]: codeSequence(concept),
  ...elements,
  ...(children.length === 0 ? {} : { [SrTag.ContentSequence]: sequence(...children) }),
});

export const related = (relationship: Relationship, node: ContentItem): DicomDataset => ({
  [SrTag.RelationshipType]: element('CS', relationship),
  ...contentOf(node),
});
