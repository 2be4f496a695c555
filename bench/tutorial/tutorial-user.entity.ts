import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

@Entity('tutorial_users')
export class TutorialUser {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column('text')
  email!: string;

  @Column('text', { array: true })
  permissions!: string[];
}
