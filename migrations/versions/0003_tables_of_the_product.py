"""Tables of the product."""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
store = 'app'


def upgrade() -> None:
    op.create_table('agreement',
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('municipality', sa.String(length=6), nullable=False),
    sa.Column('track', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('version', sa.String(length=20), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('document', sa.Text(), nullable=False),
    sa.Column('policy_hash', sa.String(length=64), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=False),
    sa.Column('epoch', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('activated_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agreement'))
    )
    op.create_index('ix_agreement_place', 'agreement', ['municipality', 'track', 'state'])

    op.create_table('draft',
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('person_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('case_id', sa.LargeBinary(length=16), nullable=True),
    sa.Column('form', sa.String(length=40), nullable=False),
    sa.Column('kid', sa.LargeBinary(length=8), nullable=False),
    sa.Column('blob', sa.LargeBinary(), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draft'))
    )
    op.create_index('ix_draft_person', 'draft', ['person_id'])
    op.create_index('ix_draft_updated', 'draft', ['updated_at'])

    op.create_table('failed_attempts',
    sa.Column('counted', sa.LargeBinary(length=32), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('wait_until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('is_wait_logged', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('counted', name=op.f('pk_failed_attempts'))
    )
    op.create_table('organisation',
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('partner_codes', sa.String(length=120), nullable=False),
    sa.Column('domain', sa.Enum('care', 'security', 'administration', 'social', name='domain', native_enum=False, length=20), nullable=False),
    sa.Column('is_fictional', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation')),
    sa.UniqueConstraint('name', name=op.f('uq_organisation_name'))
    )
    op.create_table('person',
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('sign_in_name', sa.String(length=254), nullable=False),
    sa.Column('password_hash', sa.String(length=200), nullable=False),
    sa.Column('password_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('totp_sealed', sa.LargeBinary(length=100), nullable=True),
    sa.Column('totp_last_step', sa.Integer(), nullable=True),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('status', sa.Enum('active', 'blocked', 'pending', name='personstatus', native_enum=False, length=20), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person')),
    sa.UniqueConstraint('sign_in_name', name=op.f('uq_person_sign_in_name'))
    )
    op.create_table('worker_lease',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('holder', sa.LargeBinary(length=16), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_worker_lease'))
    )
    op.create_table('agreement_party',
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('agreement_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('organisation_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('partner', sa.String(length=4), nullable=False),
    sa.Column('signed_on', sa.Date(), nullable=True),
    sa.Column('signed_by', sa.String(length=200), nullable=False),
    sa.Column('signed_as', sa.String(length=200), nullable=False),
    sa.Column('left_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreement.id'], name=op.f('fk_agreement_party_agreement_id_agreement')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agreement_party'))
    )
    op.create_index('ix_party_agreement', 'agreement_party', ['agreement_id'])

    op.create_table('case_file',
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('number', sa.String(length=12), nullable=False),
    sa.Column('subject_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('municipality', sa.String(length=6), nullable=False),
    sa.Column('track', sa.String(length=20), nullable=False),
    sa.Column('agreement_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('purpose', sa.String(length=20), nullable=False),
    sa.Column('submitter_organisation_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('born_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('manifest', sa.LargeBinary(length=32), nullable=False),
    sa.Column('epoch', sa.Integer(), nullable=False),
    sa.Column('informed_on', sa.Date(), nullable=True),
    sa.Column('delay_reason', sa.String(length=20), nullable=True),
    sa.Column('delay_until', sa.Date(), nullable=True),
    sa.Column('delay_approved_by', sa.LargeBinary(length=16), nullable=True),
    sa.Column('review_due_on', sa.Date(), nullable=True),
    sa.Column('restricted_on', sa.Date(), nullable=True),
    sa.Column('aftercare_organisation_id', sa.LargeBinary(length=16), nullable=True),
    sa.Column('aftercare_until', sa.Date(), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreement.id'], name=op.f('fk_case_file_agreement_id_agreement')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_file')),
    sa.UniqueConstraint('number', name=op.f('uq_case_file_number'))
    )
    op.create_index('ix_case_place', 'case_file', ['municipality', 'track'])
    op.create_index('ix_case_subject', 'case_file', ['subject_id'])

    op.create_table('held_post',
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('person_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('wrapped_key', sa.LargeBinary(length=100), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_held_post_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_held_post'))
    )
    op.create_index('ix_held_post_person', 'held_post', ['person_id'])

    op.create_table('login_session',
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('token_hash', sa.LargeBinary(length=32), nullable=False),
    sa.Column('person_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('auth_level', sa.Enum('password', 'totp', name='authlevel', native_enum=False, length=20), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('absolute_end_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('proposed_seed', sa.LargeBinary(length=100), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_login_session_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_login_session')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_login_session_token_hash'))
    )
    op.create_index('ix_login_session_person', 'login_session', ['person_id'])

    op.create_table('membership',
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('person_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('organisation_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('municipality', sa.String(length=6), nullable=False),
    sa.Column('partner', sa.String(length=4), nullable=False),
    sa.Column('role', sa.Enum('professional', 'case_manager', 'process_lead', 'privacy_officer', 'dpo', 'org_admin', name='role', native_enum=False, length=20), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_membership_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_membership_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_membership'))
    )
    op.create_index('ix_membership_municipality', 'membership', ['municipality'])
    op.create_index('ix_membership_organisation', 'membership', ['organisation_id'])
    op.create_index('ix_membership_person', 'membership', ['person_id'])

    op.create_table('case_manifest',
    sa.Column('case_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('leaves', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['case_file.id'], name=op.f('fk_case_manifest_case_id_case_file')),
    sa.PrimaryKeyConstraint('case_id', name=op.f('pk_case_manifest'))
    )
    op.create_table('case_participant',
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('case_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('person_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('organisation_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('partner', sa.String(length=4), nullable=False),
    sa.Column('task', sa.String(length=20), nullable=False),
    sa.Column('purpose', sa.String(length=20), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=False),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('added_by', sa.LargeBinary(length=16), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['case_file.id'], name=op.f('fk_case_participant_case_id_case_file')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_participant'))
    )
    op.create_index('ix_participant_case', 'case_participant', ['case_id'])
    op.create_index('ix_participant_person', 'case_participant', ['person_id'])

    op.create_table('disclosure_decision',
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('case_id', sa.LargeBinary(length=16), nullable=True),
    sa.Column('municipality', sa.String(length=6), nullable=False),
    sa.Column('provider_organisation_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('provider', sa.String(length=4), nullable=False),
    sa.Column('article', sa.String(length=20), nullable=False),
    sa.Column('number', sa.String(length=60), nullable=False),
    sa.Column('purposes', sa.JSON(), nullable=False),
    sa.Column('categories', sa.JSON(), nullable=False),
    sa.Column('recipients', sa.JSON(), nullable=False),
    sa.Column('conditions', sa.String(length=500), nullable=False),
    sa.Column('authority', sa.String(length=200), nullable=False),
    sa.Column('decided_on', sa.Date(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=False),
    sa.Column('recorded_by', sa.LargeBinary(length=16), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['case_file.id'], name=op.f('fk_disclosure_decision_case_id_case_file')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_disclosure_decision'))
    )
    op.create_index('ix_decision_case', 'disclosure_decision', ['case_id'])
    op.create_index('ix_decision_place', 'disclosure_decision', ['municipality'])

    op.create_table('guardian_relation',
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('case_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('source', sa.String(length=30), nullable=False),
    sa.Column('checked_on', sa.Date(), nullable=False),
    sa.Column('is_disputed', sa.Boolean(), nullable=False),
    sa.Column('organisation_id', sa.LargeBinary(length=16), nullable=True),
    sa.Column('item_id', sa.LargeBinary(length=16), nullable=True),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['case_file.id'], name=op.f('fk_guardian_relation_case_id_case_file')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_guardian_relation'))
    )
    op.create_index('ix_guardian_case', 'guardian_relation', ['case_id'])

    op.create_table('item_version',
    sa.Column('item_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('row_version', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('category', sa.String(length=8), nullable=False),
    sa.Column('kid', sa.LargeBinary(length=8), nullable=False),
    sa.Column('blob', sa.LargeBinary(), nullable=False),
    sa.Column('author_person_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['case_file.id'], name=op.f('fk_item_version_case_id_case_file')),
    sa.PrimaryKeyConstraint('item_id', 'row_version', name=op.f('pk_item_version'))
    )
    op.create_index('ix_version_case', 'item_version', ['case_id', 'row_version'])

    op.create_table('sealed_item',
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('case_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('owner_organisation_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('owner_partner', sa.String(length=4), nullable=False),
    sa.Column('author_person_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('category', sa.String(length=8), nullable=False),
    sa.Column('purpose', sa.String(length=20), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('row_version', sa.Integer(), nullable=False),
    sa.Column('kid', sa.LargeBinary(length=8), nullable=False),
    sa.Column('blob', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recipients', sa.JSON(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('responsible_person_id', sa.LargeBinary(length=16), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['case_file.id'], name=op.f('fk_sealed_item_case_id_case_file')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sealed_item'))
    )
    op.create_index('ix_item_case', 'sealed_item', ['case_id', 'row_version'])

    op.create_table('secrecy_release',
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('case_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('provider_organisation_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('provider', sa.String(length=4), nullable=False),
    sa.Column('categories', sa.JSON(), nullable=False),
    sa.Column('recipients', sa.JSON(), nullable=False),
    sa.Column('purpose', sa.String(length=20), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=False),
    sa.Column('text_version', sa.String(length=20), nullable=False),
    sa.Column('language_level', sa.String(length=4), nullable=False),
    sa.Column('way', sa.String(length=20), nullable=False),
    sa.Column('asked_on', sa.Date(), nullable=False),
    sa.Column('asked_by', sa.LargeBinary(length=16), nullable=False),
    sa.Column('age_when_asked', sa.Integer(), nullable=True),
    sa.Column('rests_on_representative', sa.Boolean(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('confirmed_by', sa.LargeBinary(length=16), nullable=True),
    sa.Column('declined_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_by', sa.LargeBinary(length=16), nullable=True),
    sa.Column('item_id', sa.LargeBinary(length=16), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['case_file.id'], name=op.f('fk_secrecy_release_case_id_case_file')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_secrecy_release'))
    )
    op.create_index('ix_release_case', 'secrecy_release', ['case_id'])

    op.create_table('voluntary_consent',
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('case_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('organisation_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('partner', sa.String(length=4), nullable=False),
    sa.Column('way', sa.String(length=20), nullable=False),
    sa.Column('text_version', sa.String(length=20), nullable=False),
    sa.Column('given_on', sa.Date(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=False),
    sa.Column('asked_by', sa.LargeBinary(length=16), nullable=False),
    sa.Column('item_id', sa.LargeBinary(length=16), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_by', sa.LargeBinary(length=16), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['case_file.id'], name=op.f('fk_voluntary_consent_case_id_case_file')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_voluntary_consent'))
    )
    op.create_index('ix_consent_case', 'voluntary_consent', ['case_id'])

    op.create_table('weighing_note',
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('case_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('organisation_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('partner', sa.String(length=4), nullable=False),
    sa.Column('category', sa.String(length=8), nullable=False),
    sa.Column('recipients', sa.JSON(), nullable=False),
    sa.Column('review_on', sa.Date(), nullable=False),
    sa.Column('author_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('approved_by', sa.LargeBinary(length=16), nullable=True),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('item_id', sa.LargeBinary(length=16), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['case_file.id'], name=op.f('fk_weighing_note_case_id_case_file')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_weighing_note'))
    )
    op.create_index('ix_note_case', 'weighing_note', ['case_id'])

    op.create_table('work_task',
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('case_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('kind', sa.String(length=30), nullable=False),
    sa.Column('person_id', sa.LargeBinary(length=16), nullable=True),
    sa.Column('organisation_id', sa.LargeBinary(length=16), nullable=True),
    sa.Column('partner', sa.String(length=4), nullable=True),
    sa.Column('about_id', sa.LargeBinary(length=16), nullable=True),
    sa.Column('category', sa.String(length=8), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_by', sa.LargeBinary(length=16), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['case_file.id'], name=op.f('fk_work_task_case_id_case_file')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_work_task'))
    )
    op.create_index('ix_work_case', 'work_task', ['case_id'])
    op.create_index('ix_work_organisation', 'work_task', ['organisation_id', 'done_at'])
    op.create_index('ix_work_person', 'work_task', ['person_id', 'done_at'])

    op.create_table('case_replacement',
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('case_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('participant_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('person_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=False),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('recorded_by', sa.LargeBinary(length=16), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['case_file.id'], name=op.f('fk_case_replacement_case_id_case_file')),
    sa.ForeignKeyConstraint(['participant_id'], ['case_participant.id'], name=op.f('fk_case_replacement_participant_id_case_participant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_replacement'))
    )
    op.create_index('ix_replacement_case', 'case_replacement', ['case_id'])
    op.create_index('ix_replacement_person', 'case_replacement', ['person_id'])

    op.create_table('release_answer',
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('release_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('guardian_id', sa.LargeBinary(length=16), nullable=True),
    sa.Column('answer', sa.String(length=20), nullable=False),
    sa.Column('answered_on', sa.Date(), nullable=False),
    sa.Column('item_id', sa.LargeBinary(length=16), nullable=True),
    sa.ForeignKeyConstraint(['release_id'], ['secrecy_release.id'], name=op.f('fk_release_answer_release_id_secrecy_release')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_release_answer'))
    )
    op.create_index('ix_answer_release', 'release_answer', ['release_id'])
