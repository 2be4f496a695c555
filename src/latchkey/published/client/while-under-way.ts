/** Work that everybody shares who asks for the same while it is under way. */
export function whileUnderWay<Key, Result>(
  work: (key: Key) => Promise<Result>,
): (key: Key) => Promise<Result> {
  const underWay = new Map<Key, Promise<Result>>();
  return (key) => {
    const shared = underWay.get(key) ?? work(key).finally(() => underWay.delete(key));
    underWay.set(key, shared);
    return shared;
  };
}
