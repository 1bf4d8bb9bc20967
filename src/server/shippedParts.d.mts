/** One package of a release. */
interface ShippedPackage {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly integrity: string;
  readonly text: string | undefined;
}
export function shippedPackages(root: string): readonly ShippedPackage[];
export function licencesText(root: string): string;
