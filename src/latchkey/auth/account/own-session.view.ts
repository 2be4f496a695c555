import { ApiProperty, OmitType } from '@nestjs/swagger';
import { SessionView } from '../../tokens/sessions/session-view.js';

/** A session as its owner sees it. */
export class OwnSessionView extends OmitType(SessionView, ['userId']) {
  @ApiProperty({ description: 'Whether it is the session of this very request.' })
  current!: boolean;

  static of({ userId: _, ...session }: SessionView, currentSessionId: string): OwnSessionView {
    return { ...session, current: session.id === currentSessionId };
  }
}
