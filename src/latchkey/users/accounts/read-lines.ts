const NEWLINE = 0x0a;
const MAX_LINE_BYTES = 65_536;

export interface Line {
  /** From 1. */
  readonly number: number;
  /** Without its end; null when it has more than 65,536 bytes. */
  readonly bytes: Buffer | null;
}

/** The lines of a file of any size and with lines of any length, in constant memory. */
export async function* readLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Line> {
  let number = 0;
  let parts: Buffer[] = [];
  let length = 0;
  const add = (part: Buffer) => {
    length += part.length;
    if (length <= MAX_LINE_BYTES) parts.push(part);
    else parts = [];
  };
  const take = (): Line => {
    const bytes = length <= MAX_LINE_BYTES ? Buffer.concat(parts) : null;
    number += 1;
    parts = [];
    length = 0;
    return { number, bytes };
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      add(chunk.subarray(start, end));
      yield take();
      start = end + 1;
    }
    add(chunk.subarray(start));
  }
  if (length > 0) yield take();
}
