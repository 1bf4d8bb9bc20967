/** The part of dcmjs that is used here: its Part-10 writer. */
declare module 'dcmjs' {
  interface DcmjsElement {
    readonly vr: string;
    readonly Value: readonly unknown[];
  }
  class DicomDict {
    constructor(meta: Record<string, DcmjsElement>);
    dict: Record<string, DcmjsElement>;
    write(options: { allowInvalidVRLength: boolean }): ArrayBuffer;
  }
  export const data: {
    readonly DicomDict: typeof DicomDict;
    readonly DicomMetaDictionary: {
      readonly dictionary: Readonly<Record<string, { readonly vr: string; readonly name: string } | undefined>>;
    };
  };
}
