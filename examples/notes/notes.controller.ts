import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import {
  type Actor,
  CurrentActor,
  CurrentUser,
  Limits,
  LimitsWrites,
  type Page,
  type Principal,
  Public,
  pageOf,
  RequirePermissions,
  Throws,
  throttleErrors,
  UuidParam,
  type WindowLimit,
} from '../latchkey/index.js';
import { NotesConfig } from './notes.config.js';
import { CountedNotes, ListNotesQuery, NoteView, WriteNoteBody } from './notes.dto.js';
import { notesErrors } from './notes.errors.js';
import { Notes } from './notes.js';

const NOTE_ID = { name: 'id', format: 'uuid', description: 'The note.' };

/** Every route is guarded unless it says otherwise. */
@ApiTags('Notes')
@ApiBearerAuth('bearer')
@LimitsWrites('own-writes')
@Controller('notes')
export class NotesController {
  // #region full
  private readonly written: WindowLimit;

  // #endregion
  constructor(
    private readonly notes: Notes,
    // #region full
    limits: Limits,
    config: NotesConfig,
    // #endregion
  ) {
    // #region full
    const { perMinute: quota } = config;
    this.written = limits.window({ name: 'notes-written', quota, windowSeconds: 60 });
    // #endregion
  }

  // #region full
  @Get('count') // anybody
  @Public()
  @ApiOperation({ summary: 'Count all notes' })
  @ApiOkResponse({ type: CountedNotes, description: 'How many there are' })
  async count(): Promise<CountedNotes> {
    return { count: await this.notes.count() };
  }
  // #endregion

  @Get() // open to every signed-in user: that needs no decorator
  @ApiOperation({ summary: 'List your notes, the newest first' })
  @ApiOkResponse({ type: pageOf(NoteView), description: 'One page' })
  list(@Query() query: ListNotesQuery, @CurrentUser() user: Principal): Promise<Page<NoteView>> {
    return this.notes.list(user.userId, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Read a note of yours' })
  @ApiParam(NOTE_ID)
  @ApiOkResponse({ type: NoteView, description: 'The note' })
  @Throws(notesErrors.notFound)
  read(@Param('id', UuidParam) id: string, @CurrentUser() user: Principal): Promise<NoteView> {
    return this.notes.get(user.userId, id);
  }

  @Post() // open to users whose roles give this permission
  @RequirePermissions('notes:write')
  @ApiOperation({ summary: 'Write a note' })
  @ApiCreatedResponse({ type: NoteView, description: 'The new note' })
  // #region full
  @Throws(notesErrors.tooMany, throttleErrors.tooManyRequests)
  // #endregion
  async write(
    @Body() body: WriteNoteBody,
    @CurrentActor() actor: Actor,
    @CurrentUser() user: Principal,
    // #region full
    @Res({ passthrough: true }) reply: FastifyReply,
    // #endregion
  ): Promise<NoteView> {
    // #region full
    await this.written.require(reply, user.userId);
    // #endregion
    return this.notes.write(user.userId, body, actor);
  }

  @Delete(':id')
  @HttpCode(204)
  @RequirePermissions('notes:write')
  @ApiOperation({ summary: 'Remove a note of yours' })
  @ApiParam(NOTE_ID)
  @ApiNoContentResponse({ description: 'It is gone' })
  @Throws(notesErrors.notFound)
  async remove(
    @Param('id', UuidParam) id: string,
    @CurrentActor() actor: Actor,
    @CurrentUser() user: Principal,
  ): Promise<void> {
    await this.notes.remove(user.userId, id, actor);
  }
}
