import { CurrentUser, MaxAge, type Principal, Public, Roles, Strict } from '@auth-service/guard';
import { Body, Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';

interface Note {
  owner: string;
  text: string;
}

/** Notes, kept as long as the app runs. Closed where nothing is said. */
@Controller('notes')
export class NotesController {
  private notes: Note[] = [];

  /** For anyone. */
  @Get('count')
  @Public()
  count(): { count: number } {
    return { count: this.notes.length };
  }

  /** For everyone who is signed in: their own. */
  @Get()
  mine(@CurrentUser() user: Principal): Note[] {
    return this.notes.filter(({ owner }) => owner === user.userId);
  }

  @Post()
  add(@CurrentUser() user: Principal, @Body() body: { text?: unknown }): Note {
    const note = { owner: user.userId, text: String(body.text) };
    this.notes.push(note);
    return note;
  }

  /** For administrators, while it is known who logged out. */
  @Get('all')
  @Strict()
  @Roles('admin')
  all(): Note[] {
    return this.notes;
  }

  /** For those who logged in within the last five minutes. */
  @Delete()
  @MaxAge(300)
  @HttpCode(204)
  clear(@CurrentUser() user: Principal): void {
    this.notes = this.notes.filter(({ owner }) => owner !== user.userId);
  }
}
