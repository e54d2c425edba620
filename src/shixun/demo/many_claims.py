"""Activities declared for many, sampled rounds and the registers of the outside, in every state they can be in (RW-05).

By the credit officers of schools whose teachers nobody signs in as; what reaches an account there is little enough
not to change what the personas show.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shixun.approvals.actions import move_case
from shixun.demo.places.shanghai import HUANGPU
from shixun.demo.seeded import draws_for
from shixun.kernel.attachments import store_attachment
from shixun.kernel.fields import in_force
from shixun.kernel.testing import a_photo
from shixun.people.acting import Actor, actor_of
from shixun.people.choices import Duty, OrganisationKind, Role
from shixun.people.models import Organisation, Person, RoleGrant
from shixun.recognition.actions.batch_submitting import submit_batch, withdraw_batch
from shixun.recognition.actions.batches import attach_to_batch, list_teachers, save_batch, set_own_values, start_batch
from shixun.recognition.actions.registers import confirm_registered, merge_registered, organiser_named, programme_named
from shixun.recognition.actions.sampling import decide_item, drop_round, open_round, pass_rest
from shixun.recognition.models import Claim, ClaimBatch, SamplingRound
from shixun.recognition.queries.rounds import items_to_see
