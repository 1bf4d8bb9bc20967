import type { InputTensor, TensorValue } from '../backends/backend.ts';

type Feeds = Readonly<Record<string, InputTensor>>;
type Outputs = Readonly<Record<string, TensorValue>>;

/** Whether two sets of tensors of one example each may travel as one batch. */
export const stackable = (a: Feeds, b: Feeds): boolean =>
  Object.entries(a).every(([name, { dims, data }]) => {
    const other = b[name];
    return (
      dims[0] === 1 &&
      other?.dims.join() === dims.join() &&
      data instanceof Float32Array &&
      other.data instanceof Float32Array
    );
  });

/** One batch of examples, along the first axis. All must be {@link stackable} with each other. */
export function stack(examples: readonly Feeds[]): Feeds {
  const [first = {}] = examples;
  return Object.fromEntries(
    Object.entries(first).map(([name, { dims, data }]) => {
      const all = new Float32Array(data.length * examples.length);
      for (const [index, example] of examples.entries())
        all.set(example[name]!.data as Float32Array, index * data.length);
      return [name, { data: all, dims: [examples.length, ...dims.slice(1)] }];
    }),
  );
}

/** The examples of a batch. @throws where an output does not have that many */
export function unstack(outputs: Outputs, count: number): readonly Outputs[] {
  return Array.from({ length: count }, (_, index) =>
    Object.fromEntries(
      Object.entries(outputs).map(([name, { dims, data }]) => {
        if (dims[0] !== count) throw new Error(`output ${name} has ${dims[0]} examples instead of ${count}`);
        const length = data.length / count;
        return [name, { data: data.slice(index * length, (index + 1) * length), dims: [1, ...dims.slice(1)] }];
      }),
    ),
  );
}
