import { IsIn, IsOptional, Matches } from 'class-validator';
import { ConfigSlice, FromEnv } from '../../platform/config/config-slice.js';

/** Latchkey's own pages, and how they look. Their name is that of mails, `BRAND_NAME`. */
@ConfigSlice()
export class PagesConfig {
  /** `off`: nothing is served under `/pages/`, for a front end of your own (`PAGES_URL`). */
  @FromEnv('PAGES')
  @IsIn(['on', 'off'])
  pages: string = 'on';

  /** Of buttons and links. Where it could not be read on a page it is made darker or lighter. */
  @FromEnv('BRAND_COLOR')
  @Matches(/^#[0-9a-fA-F]{6}$/, { message: 'BRAND_COLOR must be a colour such as #2657b8' })
  brandColor: string = '#2657b8';

  /** Shown beside the name. An address of another origin is let through for images alone. */
  @FromEnv('BRAND_LOGO_URL')
  @IsOptional()
  @Matches(/^(?:https?:\/\/[^/\s"'<>;,]+)?\/[^\s"'<>;,]*$/, {
    message: 'BRAND_LOGO_URL must be an address such as https://cdn.example.com/logo.svg',
  })
  brandLogoUrl?: string;
}
