import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';

/** A language as it is stored: a tag of BCP 47, of at most three parts. */
export const LOCALE = /^[a-z]{2,3}(-[a-zA-Z0-9]{2,8}){0,2}$/;

/** In which language mails are to be written to somebody; null leaves it to each request. */
export function IsLocale(): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({
      type: String,
      nullable: true,
      pattern: LOCALE.source,
      example: 'de',
      description:
        'The language of mails: `en`, `de`, or one that was added. Null: that of each request (`Accept-Language`).',
    }),
    IsOptional(),
    Matches(LOCALE, { message: '$property must be a language such as en, de or pt-BR' }),
  );
}

/** The languages of an `Accept-Language` (RFC 9110 section 12.5.4) in lower case, the most wanted first, each followed by its main language. */
export function localesIn(acceptLanguage: string): string[] {
  const ranges = acceptLanguage
    .toLowerCase()
    .split(',')
    .map((range, index) => {
      const [locale = '', quality = 'q=1'] = range.trim().split(/\s*;\s*/);
      return { locale, index, quality: Number(quality.slice(2)) || 0 };
    });
  return ranges
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality || a.index - b.index)
    .flatMap(({ locale }) => [locale, locale.split('-')[0] ?? locale]);
}
