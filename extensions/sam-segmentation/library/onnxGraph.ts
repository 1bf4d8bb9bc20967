import { appError, describeThrown } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { NotProtobuf, wireFields } from './protobuf.ts';

/** An input or output of a graph. */
export interface OnnxValue {
  readonly name: string;
  /** As in onnx.proto, TensorProto.DataType; undefined where it is no tensor. */
  readonly type: number | undefined;
  /** Undefined where an axis is free; no list at all where the graph does not say. */
  readonly dims: readonly (number | undefined)[] | undefined;
}

/** As much of an ONNX model as tells what it is. */
export interface OnnxGraph {
  /** Without the weights, which older files list among their inputs. */
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  /** Files beside the graph that hold weights, as the graph calls them. */
  readonly weightFiles: readonly string[];
}

export const ONNX_FLOAT = 1;
export const ONNX_INT64 = 7;

/** Nobody's model has as many: where a hostile file would have us make objects without end. */
const MOST_VALUES = 100_000;
const LONGEST_NAME = 512;

/**
 * Reads names, types and shapes of a graph's inputs and outputs, without any runtime and without touching the weights.
 * Source: onnx.proto (ModelProto, GraphProto, ValueInfoProto, TensorProto).
 *
 * @param file how to call it in a message
 * @returns `not-onnx` for anything else
 */
export function readOnnxGraph(bytes: Uint8Array, file: string): Result<OnnxGraph> {
  try {
    const graph = fieldsOf(bytes, 7).at(-1);
    if (graph === undefined) return notOnnx(file, 'it holds no graph');
    const read = graphOf(graph);
    if (read.inputs.length === 0 || read.outputs.length === 0) return notOnnx(file, 'its graph has no input or output');
    return ok(read);
  } catch (thrown) {
    if (thrown instanceof NotProtobuf) return notOnnx(file, describeThrown(thrown));
    throw thrown;
  }
}

const notOnnx = (file: string, cause: string) =>
  err(
    appError('not-onnx', `${file} is not an ONNX graph.`, {
      remedy: 'Export the model to ONNX again, or fetch the file again: it may be a web page or cut off.',
      cause,
      context: { file },
    }),
  );

function graphOf(graph: Uint8Array): OnnxGraph {
  const inputs: OnnxValue[] = [];
  const outputs: OnnxValue[] = [];
  const weights = new Set<string>();
  const weightFiles = new Set<string>();
  let count = 0;
  for (const field of wireFields(graph)) {
    if (field.kind !== 'bytes' || ![5, 11, 12].includes(field.number)) continue;
    count += 1;
    if (count > MOST_VALUES) throw new NotProtobuf('it has too many values');
    if (field.number === 5) {
      weights.add(textOf(fieldsOf(field.bytes, 8)[0]));
      const location = locationOf(field.bytes);
      if (location !== undefined) weightFiles.add(location);
    } else (field.number === 11 ? inputs : outputs).push(onnxValue(field.bytes));
  }
  return {
    inputs: inputs.filter(({ name }) => !weights.has(name)),
    outputs,
    weightFiles: [...weightFiles],
  };
}

/** Where a tensor's data lies, if not in the graph: the external_data entry called "location". */
function locationOf(tensor: Uint8Array): string | undefined {
  for (const entry of fieldsOf(tensor, 13)) {
    if (textOf(fieldsOf(entry, 1)[0]) === 'location') return textOf(fieldsOf(entry, 2)[0]);
  }
  return undefined;
}

function onnxValue(value: Uint8Array): OnnxValue {
  const type = fieldsOf(value, 2)[0];
  const tensor = type === undefined ? undefined : fieldsOf(type, 1)[0];
  const shape = tensor === undefined ? undefined : fieldsOf(tensor, 2)[0];
  return {
    name: textOf(fieldsOf(value, 1)[0]),
    type: tensor === undefined ? undefined : numberOf(tensor, 1),
    dims: shape === undefined ? undefined : fieldsOf(shape, 1).map((axis) => numberOf(axis, 1)),
  };
}

function fieldsOf(message: Uint8Array, number: number): readonly Uint8Array[] {
  const found: Uint8Array[] = [];
  for (const field of wireFields(message)) {
    if (field.kind === 'bytes' && field.number === number) found.push(field.bytes);
  }
  return found;
}

function numberOf(message: Uint8Array, number: number): number | undefined {
  for (const field of wireFields(message)) if (field.kind === 'varint' && field.number === number) return field.value;
  return undefined;
}

const textOf = (bytes: Uint8Array | undefined): string =>
  bytes === undefined ? '' : new TextDecoder().decode(bytes.subarray(0, LONGEST_NAME));
