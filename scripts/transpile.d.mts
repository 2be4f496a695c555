import type { Options } from '@swc/core';

export const TRANSPILE: Options;
