/** A field of the request that was refused, and why. Never carries the value. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

const MAX_ERRORS = 20;
const MAX_BYTES = 3_000;
const MAX_FIELD_LENGTH = 100;
const MAX_MESSAGE_LENGTH = 300;

/** As many of them as an answer of less than 4 KiB may name: at most twenty, and always one. */
export function nameable(errors: readonly FieldError[]): FieldError[] {
  let bytes = 0;
  const shortened = errors.slice(0, MAX_ERRORS).map(({ field, message }) => ({
    field: field.slice(0, MAX_FIELD_LENGTH),
    message: message.slice(0, MAX_MESSAGE_LENGTH),
  }));
  return shortened.filter((error, index) => {
    bytes += Buffer.byteLength(JSON.stringify(error));
    return index === 0 || bytes <= MAX_BYTES;
  });
}
