/**
 * How probable it is that one of the samples is greater than one of the others (the area under the
 * ROC curve, the Mann-Whitney statistic): 0.5 when nobody could tell them apart, 0 or 1 when
 * anybody could. It goes by ranks, so that a few slow outliers weigh no more than any others.
 */
export function probabilityOfGreater(
  samples: readonly number[],
  others: readonly number[],
): number {
  let wins = 0;
  for (const sample of samples) {
    for (const other of others) {
      if (sample > other) wins += 1;
      else if (sample === other) wins += 0.5;
    }
  }
  return wins / (samples.length * others.length);
}
