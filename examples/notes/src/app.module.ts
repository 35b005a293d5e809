import { AuthGuardModule } from '@auth-service/guard';
import { Module } from '@nestjs/common';
import { NotesController } from './notes.controller.js';

@Module({
  imports: [AuthGuardModule.forRoot({ issuer: process.env.AUTH_ISSUER ?? 'http://localhost:3000' })],
  controllers: [NotesController],
})
export class AppModule {}
