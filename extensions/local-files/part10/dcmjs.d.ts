declare module 'dcmjs' {
  interface DictionaryEntry {
    readonly vr: string;
    readonly name: string;
  }
  const dcmjs: {
    readonly data: {
      readonly DicomMetaDictionary: { readonly dictionary: Readonly<Record<string, DictionaryEntry | undefined>> };
    };
  };
  export default dcmjs;
}
