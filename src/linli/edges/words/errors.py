"""What went wrong, in words: what happened, what was kept, what to do."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.cases.errors import RulebookHasFaults
from linli.edges.words.area_errors import AREA_ERRORS, say_flaw
from linli.edges.words.cases import say_reason, say_state, say_verb
from linli.edges.words.notices import NOTICE_ERRORS
from linli.edges.words.reviews import IMPOSSIBLE, REVIEW_ERRORS
from linli.edges.words.rule_faults import say_fault
from linli.edges.words.times import say_span
from linli.kernel.errors import Conflict, InvalidInput, LinliError, NotAllowed, NotFound, TooManyRequests

# Code of an error or of a decision -> its words; %(name)s are the values that it carries.
ERRORS: Mapping[str, Any] = {
    # Steps of cases
    "case_changed": gettext_lazy(
        "Somebody changed this case while you were writing. Nothing of theirs is lost and what you wrote is still "
        "here: look at what is new, then press again."
    ),
    "step_not_possible": gettext_lazy(
        "This cannot be done now: the case stands at “%(state)s”. What you wrote is still here."
    ),
    "case_moved_on": gettext_lazy(
        "Meanwhile this case moved on: it stands at “%(state)s” now. Nothing of yours is lost: look at the case, then do "
        "it again, keep it as a note, or drop it."
    ),
    # Visits
    "no_such_campaign": gettext_lazy("There are no such visits, or they are not within your reach."),
    "no_such_target": gettext_lazy("There is nothing like that to visit, or it is not within your reach."),
    "no_such_visit": gettext_lazy("There is no such note, or it is not yours to read."),
    "visited_by_others": gettext_lazy("Others visit here: your posts are not among those that do."),
    "target_taken_out": gettext_lazy("It was taken out of these visits. What you wrote is still here."),
    "campaign_over": gettext_lazy("These visits have not begun, or are over. What you wrote is still here."),
    "campaign_name_missing": gettext_lazy("Give these visits a name, at most %(most)s characters."),
    "purpose_too_long": gettext_lazy("Say in at most %(most)s characters what they are for."),
    "campaign_days": gettext_lazy("The last day comes before the first, or more than %(most)s days after it."),
    "sets_missing": gettext_lazy("Name at least one set of whom to visit, at most %(most)s."),
    "set_name_missing": gettext_lazy("Each set needs a name of at most %(most)s characters and what it is drawn from."),
    "set_kinds_missing": gettext_lazy("Tick which kinds of organisation are visited."),
    "set_out_of_bounds": gettext_lazy("Coverage is 1 to 100 percent, a cycle 0 to 366 days."),
    "nothing_to_visit": gettext_lazy("The registry knows nothing of these kinds in that area: choose others."),
    "door_missing": gettext_lazy("Which door? For example 2-301. It counts once and can't be read by anybody."),
    "deed_too_early": gettext_lazy("What you did before on this case is not here yet. It is sent again by itself."),
    "no_such_deed": gettext_lazy("This phone's page is out of date. Open it again; what waits to be sent stays."),
    "no_such_case": gettext_lazy("There is no such case, or it is not within your reach."),
    "no_such_message": gettext_lazy("It went out meanwhile, or there is no such message."),
    "no_such_job": gettext_lazy("It was done meanwhile, or there is no such job."),
    "job_waits_already": gettext_lazy("A job of this kind waits in line already."),
    "no_such_step": gettext_lazy("There is no such step."),
    "note_missing": gettext_lazy(
        "Write down what was done, a sentence is enough. The rest of what you entered is kept."
    ),
    "photo_missing": gettext_lazy("This kind of case needs a photo of how it looks now. What you wrote is kept."),
    "reason_missing": gettext_lazy("Choose or write a reason. What you entered is kept."),
    "reason_not_asked": gettext_lazy("This step takes no reason. Write it as a note; what you entered is kept."),
    "review_date_out_of_range": gettext_lazy(
        "Choose a day after today, at most %(most_days)s days from now. What you wrote is kept."
    ),
    "review_date_missing": gettext_lazy("Say on which day to look at it again. What you entered is kept."),
    "to_whom_missing": gettext_lazy("Choose who gets it. What you entered is kept."),
    "no_such_post": gettext_lazy("That post is vacant by now. Choose somebody else; what you wrote is kept."),
    "no_such_organisation": gettext_lazy(
        "That organisation is not there any more. Choose another; what you wrote is kept."
    ),
    "note_too_long": gettext_lazy("The note is too long: at most %(most)s characters. What you wrote is kept."),
    "comment_too_long": gettext_lazy("The comment is too long: at most %(most)s characters. What you wrote is kept."),
    "satisfaction_missing": gettext_lazy("Choose what the reporter said. The rest is kept."),
    "request_waits": gettext_lazy("Time was asked for already; wait for the decision."),
    "request_decided": gettext_lazy("This request was decided already."),
    "request_lapsed": gettext_lazy("The time to decide is over, so the request lapsed. It can be made anew."),
    "own_request": gettext_lazy("Nobody decides on what they asked for themselves."),
    "extension_days": gettext_lazy("Ask for 1 to %(most)s working days. What you entered is kept."),
    "clock_stands": gettext_lazy("The clock of the solution does not run now, so there is nothing to extend."),
    "already_overdue": gettext_lazy("The case is overdue already: more time is asked for before the deadline."),
    "extended_enough": gettext_lazy("This case was extended %(most)s times already; more is not provided for."),
    "not_on_hold": gettext_lazy("The case is not on hold any more, so there is no hold to prolong."),
    "review_date_not_later": gettext_lazy("Choose a day after the one that stands now. What you entered is kept."),
    "case_finished": gettext_lazy("The case is finished, so there is nothing left to watch over."),
    "nobody_has_it": gettext_lazy("No organisation has this case. Dispatch it first."),
    "answer_day_out_of_range": gettext_lazy(
        "Choose a day for the answer: after today, at most %(most_days)s days ahead."
    ),
    "supervised_already": gettext_lazy("This case is under supervision already."),
    "no_such_supervision": gettext_lazy("There is no such supervision, or it is not within your reach."),
    "no_such_card": gettext_lazy("There is no such card, or it is not within your reach."),
    "not_open": gettext_lazy("This supervision was answered or ended already."),
    "not_answered": gettext_lazy("It was not answered yet. Wait for the answer, or call the supervision off."),
    "card_appealed_already": gettext_lazy("This card was objected to or ruled on already."),
    "card_ruled_already": gettext_lazy("This card was ruled on already."),
    "own_office": gettext_lazy("Nobody evaluates their own office: a colleague of the office that called does."),
    "own_organisation": gettext_lazy("Nobody watches over their own organisation: that is for a higher level."),
    "not_of_that_organisation": gettext_lazy("The answer is for the organisation that is asked."),
    "unknown_level": gettext_lazy("There are levels 1 to 4. Choose one of them."),
    "no_such_leading_case": gettext_lazy(
        "There is no such case to merge into, or it is not within your reach. Check the number."
    ),
    "merge_with_itself": gettext_lazy("That is this case itself. Write the number of the other one."),
    "merge_of_finished": gettext_lazy("This case is finished or merged already, so it is not merged."),
    "merge_into_finished": gettext_lazy("That case is finished or merged itself. Choose one that is still worked on."),
    "merge_of_programs": gettext_lazy("A case that the program opened itself is not merged."),
    "merge_of_leading": gettext_lazy(
        "Others are merged into this case. Merge the other way round, or take those out first."
    ),
    "merge_is_others": gettext_lazy("Of case %(number)s, this is for who has it or dispatches there."),
    "not_recurring": gettext_lazy("It came up fewer than %(least)s times, so it has no case of the cause yet."),
    "not_merged": gettext_lazy("This case is not merged, or was taken out meanwhile."),
    "not_joined": gettext_lazy("Nobody joined this case by that, or they were taken out meanwhile. Load it again."),
    "part_from_merged": gettext_lazy("This case is merged itself. Take it out first, then who joined it."),
    "leading_still_open": gettext_lazy(
        "It is still being worked on together with the other report. Please wait till it is finished."
    ),
    "no_door": gettext_lazy("No unit or room was written down."),
    "step_is_others": gettext_lazy("This step is for others: your posts do not allow it."),
    "step_is_staffs": gettext_lazy("This step is for staff."),
    **NOTICE_ERRORS,
    # Sent back, disputed, whistled for
    "returned_too_often": gettext_lazy(
        "It was sent back %(times)s time(s), which is the most. Dispute it: the office above decides."
    ),
    "nobody_above": gettext_lazy("There is nobody above who could decide it. Talk to who has it."),
    "no_open_dispute": gettext_lazy("No dispute is open any more: look at what is new."),
    "dispute_is_open": gettext_lazy("A dispute is open already; the office above decides it."),
    "dispute_was_refused": gettext_lazy(
        "Your dispute was refused: the case stays yours. What you wrote is still here."
    ),
    "to_the_same": gettext_lazy("They have it already. Choose somebody else, or refuse the dispute."),
    "say_why": gettext_lazy("Say it in words, a sentence will do. The rest is kept."),
    "category_not_chosen": gettext_lazy("Choose the category that it should have; the rest is kept."),
    "category_is_that": gettext_lazy("The case has that category already. Choose another one; the rest is kept."),
    "called_already": gettext_lazy("One of these was called already. Untick it; the rest is kept."),
    "has_lead": gettext_lazy("Somebody leads already. Change the lead at its line."),
    "nobody_called": gettext_lazy("Tick at least one office to call. What you wrote is kept."),
    "too_many_called": gettext_lazy("At most %(most)s offices at a time. Untick some; the rest is kept."),
    "no_call": gettext_lazy("Nobody calls that office to this case any more: look at what is new."),
    "reported_in_already": gettext_lazy("Your office has reported in already."),
    "mark_missing": gettext_lazy("Choose a mark for both. The rest is kept."),
    "not_reported_in_yet": gettext_lazy("They still have time to report in; evaluate them afterwards."),
    "leads_already": gettext_lazy("That office leads already."),
    "case_is_others": gettext_lazy("Only who has the case can dispute it."),
    "dispute_is_others": gettext_lazy("Only the office that raised the dispute can take it back."),
    "own_dispute": gettext_lazy("You raised this dispute yourself; somebody else decides it."),
    "dispute_is_above": gettext_lazy("The office above decides this dispute."),
    "dispute_is_over": gettext_lazy("This dispute is over."),
    "call_is_others": gettext_lazy("Your office was not called to this case."),
    "calls_are_others": gettext_lazy("Only the office that whistled can do this."),
    "call_is_over": gettext_lazy("This call is over."),
    "stage_is_past": gettext_lazy("The case has gone too far for that."),
    # Requests about one's own data
    "no_such_request": gettext_lazy("There is no such request, or it is not within your reach."),
    "request_answered": gettext_lazy("Somebody answered this request meanwhile. Nothing was done twice."),
    "answer_days_out_of_range": gettext_lazy("From 1 to %(most)s working days."),
    "no_such_consent": gettext_lazy("There is no such version of the text."),
    "consent_length": gettext_lazy("Write between %(least)s and %(most)s characters. What you wrote is still here."),
    "consent_changed": gettext_lazy(
        "Somebody published a new text meanwhile. Yours is still here: look at theirs below, then press again."
    ),
    "parts_missing": gettext_lazy("Choose what shall go."),
    "wish_missing": gettext_lazy("Write the right name or number."),
    "phone_is_another": gettext_lazy("This is not the number that was left with the report."),
    "words_still_needed": gettext_lazy(
        "Words and photos are needed until the case is closed. Name and number can go now."
    ),
    "answer_too_long": gettext_lazy("The answer is too long: at most %(most)s characters. What you wrote is kept."),
    # Reports
    "text_missing": gettext_lazy("Write what it is about, a sentence is enough."),
    "text_too_long": gettext_lazy("The text is too long: at most %(most)s characters. What you wrote is kept."),
    "address_too_long": gettext_lazy("The address is too long: at most %(most)s characters."),
    "contact_too_long": gettext_lazy("Name or telephone number is too long."),
    "too_many_files": gettext_lazy("At most %(most)s photos. The first ones are kept."),
    "unknown_category": gettext_lazy(
        "There is no such category any more. Choose another one, or leave it to the text."
    ),
    "sheet_missing": gettext_lazy("Choose the sheet once more."),
    "sheet_empty": gettext_lazy("There is no row in the first sheet. The first row names the columns."),
    "sheet_too_large": gettext_lazy("The sheet is larger than %(most_mb)s MB. Take pictures out, or divide it."),
    "sheet_too_long": gettext_lazy("The sheet has %(found)s rows; at most %(most)s at once. Divide it."),
    "sheet_locked": gettext_lazy("The sheet has a password. Save it without one and send it again."),
    "sheet_unreadable": gettext_lazy("This is no Excel or CSV sheet, or it is damaged. Save it again as xlsx."),
    "sheet_category_unknown": gettext_lazy("There is no category %(category)s. Leave it empty, and the words decide."),
    "sheet_area_unknown": gettext_lazy("There is no area %(area)s here."),
    "sheet_area_ambiguous": gettext_lazy("%(area)s can mean several: %(which)s. Write more of it."),
    "sheet_moment_unreadable": gettext_lazy("%(moment)s is no time that we can read. Write it as 2026-11-23 08:30."),
    "sheet_moment_ahead": gettext_lazy("%(moment)s is still to come."),
    "sheet_moment_old": gettext_lazy("%(moment)s is more than %(days)s days ago."),
    "sheet_cell_too_long": gettext_lazy("Too long: at most %(most)s characters."),
    "place_missing": gettext_lazy("Say where it is: a pin on the map, or community and building."),
    "area_unknown": gettext_lazy("There is no such area. Choose one of the list."),
    "coordinates_out_of_range": gettext_lazy("That point is not on the map. Put the pin back."),
    "unknown_crs": gettext_lazy("The coordinate system %(crs)s is not known: GCJ-02, WGS-84 or CGCS2000."),
    "number_or_code_wrong": gettext_lazy(
        "Number and code do not fit together. Both are on the page you saw after sending."
    ),
    "idempotency_key_reused": gettext_lazy("This key was used for another report. Send it with a new one."),
    "bad_key": gettext_lazy("The key is missing or too long."),
    # Monthly reviews: what is said, and what follows
    "no_such_meeting": gettext_lazy("There is no such session, or it is another district's."),
    "no_such_turn": gettext_lazy("There is no such turn in this session."),
    "no_such_remark": gettext_lazy("There is no such item, or it is another session's."),
    "remark_kind": gettext_lazy("Choose whether it is a comment or an assignment. What you wrote is kept."),
    "remark_text_missing": gettext_lazy("Write what was said."),
    "remark_too_long": gettext_lazy("An item has at most %(most)s characters. What you wrote is kept."),
    "remark_needs_owner": gettext_lazy(
        "Choose an organisation that works in the area of who convenes. What you wrote is kept."
    ),
    "remark_needs_day": gettext_lazy("Choose a day from today on, within a year. What you wrote is kept."),
    "remark_changed": gettext_lazy(
        "Another clerk changed this item meanwhile: it stands above as it is now. What you wrote is still in the form."
    ),
    "remark_nodded": gettext_lazy("This item is shown in the hall already, so its words stay as they are."),
    "remark_struck": gettext_lazy("This item was struck meanwhile. What you wrote is still in the form."),
    "remark_is_case": gettext_lazy("This item is a case already. Whoever has the case closes it there."),
    "session_not_closed": gettext_lazy("The session is not closed yet. Its minutes can be had after that."),
    "turn_is_frozen": gettext_lazy(
        "The session was opened, so the words stay as they are. What you wrote is still here."
    ),
    "absence_passed": gettext_lazy("The session has gone on past this turn, so the absence stays."),
    "turn_was_held": gettext_lazy("This organisation reported already, so it was not absent."),
    "presenters_own": gettext_lazy("Only who presents, and colleagues in that organisation, may add words."),
    "due_day_past": gettext_lazy("The day by which it has to be done is over. Choose another one first."),
    # Lists
    "unknown_box": gettext_lazy("There is no such list."),
    "unknown_sort": gettext_lazy("The list cannot be sorted like that."),
    "unknown_light": gettext_lazy("There is no such light."),
    "unknown_cursor": gettext_lazy("This page of the list is not there any more. Start again from the first page."),
    "view_name_length": gettext_lazy("The name has to be 1 to %(most)s characters long. What you wrote is kept."),
    "view_name_taken": gettext_lazy("There is a tab “%(name)s” over this list already. Choose another name."),
    "too_many_views": gettext_lazy("You keep %(most)s tabs, more do not fit. Delete one first."),
    "views_changed": gettext_lazy("Your tabs were changed in another window just now. Nothing was kept: try again."),
    "view_is_at_the_end": gettext_lazy("It stands at the end already."),
    "no_such_view": gettext_lazy("There is no such tab any more."),
    "unknown_period": gettext_lazy(
        "There is no such period. Choose one, or both days of a stretch, the first one first."
    ),
    "jurisdiction_missing": gettext_lazy("Several districts are served here. Name one of them: %(one_of)s."),
    "time_with_zone": gettext_lazy("Give a date and time with its zone, such as 2026-11-18T02:00:00Z."),
    "no_tokens": gettext_lazy("There are no tokens: the number of a report is told at once."),
    "category_missing": gettext_lazy("Say what it is about: a code from the list of services."),
    "period_too_long": gettext_lazy("A stretch may be %(most_days)s days long. Choose a shorter one."),
    "unknown_format": gettext_lazy("Registers are written as xlsx, csv or json."),
    "register_too_long": gettext_lazy("Excel takes at most %(max_rows)s rows. Choose a shorter period, or csv."),
    "unknown_figure": gettext_lazy("There is no such figure."),
    "unknown_register": gettext_lazy("There is no such register."),
    "unknown_filter": gettext_lazy("The filter could not be read, so nothing is shown. Take it away and choose again."),
    # Rights
    "not_signed_in": gettext_lazy("Sign in first."),
    "other_district": gettext_lazy("This belongs to another district."),
    "not_in_this_district": gettext_lazy("This belongs to another district."),
    "no_such_election": gettext_lazy("There is no such change of committees, or it is not within your reach."),
    "election_first_day": gettext_lazy("The new term begins tomorrow at the earliest, and within a year."),
    "election_size": gettext_lazy("Say who goes or who comes, at most %(most)s people."),
    "election_leaving": gettext_lazy("One of those who go holds that post no more. Look at the page again."),
    "election_elected": gettext_lazy("Each who comes needs a role, and an organisation of this area."),
    "election_twice": gettext_lazy("Somebody is named twice for the same."),
    "election_undone": gettext_lazy("It was undone already."),
    "election_in_force": gettext_lazy("Its day has come, so it counts. Change posts one by one now."),
    "election_posts_changed": gettext_lazy(
        "Somebody changed one of its posts since, so it cannot be undone whole. Change posts one by one."
    ),
    "no_such_place": gettext_lazy("There is no such place here, or it is not within your reach."),
    "functions_number": gettext_lazy("There has to be at least one function, and at most %(most)s."),
    "function_twice": gettext_lazy("The function %(function)s is there twice."),
    "function_code": gettext_lazy("The code of a function is made of letters, digits and underscores."),
    "function_name": gettext_lazy("The function %(function)s needs a short name."),
    "function_places": gettext_lazy("Say at which kinds of place the function %(function)s is needed."),
    "function_level": gettext_lazy("The level of the function %(function)s is unknown."),
    "function_roles": gettext_lazy("Say which roles hold the function %(function)s."),
    "functions_changed": gettext_lazy(
        "Somebody else changed the functions meanwhile. Look at what counts now, then change it again."
    ),
    "no_post_allows": gettext_lazy("None of your posts allows this. Who gives rights is the security administrator."),
    "outside_reach": gettext_lazy("This lies outside the area of your posts."),
    "sign_in_refused": gettext_lazy(
        "Name or password is wrong, or the account is locked. After too many tries it stays locked for "
        "%(wait_minutes)s minutes."
    ),
    "code_refused": gettext_lazy(
        "The code is wrong or was used already, or the account is locked. Wait for the next code. After too many tries "
        "it stays locked for %(wait_minutes)s minutes."
    ),
    "code_wrong": gettext_lazy("That is not the code of the moment. Look at the app again; is its clock right?"),
    "account_unknown": gettext_lazy(
        "This account belongs to nobody here, or the account here is locked. The security administrator links it."
    ),
    "provider_failed": gettext_lazy(
        "The other system did not answer, or it took too long. Try again, or sign in with name and password."
    ),
    "subject_length": gettext_lazy("The identifier has to be 1 to %(most)s characters long."),
    "account_taken": gettext_lazy("That identifier is somebody's already, or this person has one there."),
    "no_such_account": gettext_lazy("There is no such account any more."),
    "keys_enough": gettext_lazy("There are %(most)s keys already. Take one away first."),
    "key_name_length": gettext_lazy("The name has to be 1 to %(most)s characters long. Begin again with another one."),
    "key_refused": gettext_lazy("The key was not accepted. Nothing was changed; try again."),
    "key_known": gettext_lazy("This key is known already."),
    "no_such_key": gettext_lazy("There is no such key any more."),
    "set_up_too_late": gettext_lazy("That took too long. Begin again; nothing was changed."),
    "no_second_factor": gettext_lazy("There is no second factor."),
    "second_factor_required": gettext_lazy("Administrators have to have a second factor. It was not taken away."),
    "password_not_right": gettext_lazy("The password is wrong. Nothing was changed."),
    "password_wrong": gettext_lazy("The old password is wrong. Nothing was changed."),
    "password_weak": gettext_lazy("The new password is too easy: %(why)s"),
    "password_used_before": gettext_lazy("The new password is one of the last %(last)s. Choose another one."),
    "passwords_differ": gettext_lazy("The two new passwords are not the same. Nothing was changed."),
    "name_missing": gettext_lazy("Give it a name."),
    "days_out_of_range": gettext_lazy("Between 1 and %(most)s days."),
    "unknown_scope": gettext_lazy("Choose what the token is for: %(one_of)s."),
    "unknown_alarm": gettext_lazy("There is no such alarm."),
    "alarm_most_out_of_range": gettext_lazy("Write a number from 1 to %(most)s. What you entered is kept."),
    "alarm_minutes_out_of_range": gettext_lazy("Write minutes from 1 to %(most)s. What you entered is kept."),
    "no_such_session": gettext_lazy("That device is signed out already."),
    "no_such_token": gettext_lazy("There is no such token."),
    "administrators_are_separate": gettext_lazy("One person cannot hold two of the three administrators' posts."),
    "unknown_role": gettext_lazy("There is no such role."),
    "own_rights": gettext_lazy("Nobody changes their own rights. Another security administrator does."),
    "further_not_of_role": gettext_lazy(
        "The role %(role)s does not reach chosen areas: leave the further areas empty."
    ),
    "further_unclear": gettext_lazy("“%(word)s” names no area, or several. Write its code. What you entered is kept."),
    "too_many_further": gettext_lazy("At most %(most)s further areas."),
    "unknown_reach": gettext_lazy("Choose how far the role reaches."),
    "audits_oneself": gettext_lazy("Whoever gives rights does not read the audit log: another person does."),
    "own_login": gettext_lazy("This is your own account: change the password on your own page."),
    "person_text_length": gettext_lazy("It has to be 1 to %(most)s characters long. What you entered is kept."),
    "person_code_taken": gettext_lazy("The number %(code)s is somebody's already. What you entered is kept."),
    "no_such_person": gettext_lazy("There is no such person, or they are not within your reach."),
    "no_such_post_here": gettext_lazy("There is no such post, or it is not within your reach."),
    "no_such_login": gettext_lazy("This person has no account."),
    "login_is_there": gettext_lazy("This person has an account already."),
    "username_length": gettext_lazy("The user name has to be 1 to %(most)s characters long, without spaces."),
    "username_taken": gettext_lazy("The user name %(username)s is taken. Choose another one."),
    "organisation_missing": gettext_lazy("That organisation is not there on that day. What you entered is kept."),
    "first_day_out_of_range": gettext_lazy("Choose a first day, at most a year ahead. What you entered is kept."),
    "last_day_out_of_range": gettext_lazy(
        "The last day lies before the first, before yesterday or too far ahead. What you entered is kept."
    ),
    "term_is_over": gettext_lazy("This term is over. Give a new post instead."),
    "unknown_absence_kind": gettext_lazy("Choose why: on leave, away on duty or in training."),
    "absence_first_day": gettext_lazy(
        "Choose a first day from today on, at most %(most)s days ahead. What you entered is kept."
    ),
    "absence_last_day": gettext_lazy(
        "The last day has to come after the first, at most %(most)s days later. What you entered is kept."
    ),
    "absence_is_over": gettext_lazy("This absence is over already."),
    "no_such_absence": gettext_lazy("There is no such absence, or it is not within your reach."),
    "posts_missing": gettext_lazy("Choose at least one post that is held on the first day."),
    "deputy_is_oneself": gettext_lazy("Nobody stands in for themselves. Choose somebody else."),
    "no_such_deputy": gettext_lazy("There is nobody of that name here. Choose somebody else."),
    "deputy_is_no_colleague": gettext_lazy(
        "Choose somebody of your organisation, or with a post for your area or one above. What you entered is kept."
    ),
    "deputy_has_no_post": gettext_lazy("That person holds no post for all of these days. Choose somebody else."),
    "deputy_is_away": gettext_lazy("That person is away on some of these days. Choose somebody else."),
    "already_away": gettext_lazy("For some of these days somebody stands in already. Call that off first."),
    "stands_in_then": gettext_lazy(
        "This person stands in for somebody on some of these days. Find another deputy for that post first."
    ),
    "bad_caller": gettext_lazy("The caller could not be told."),
    # Rulebooks and calendar
    "rulebook_has_faults": gettext_lazy("Not put in force; what you wrote is kept. To be mended: %(faults)s"),
    "nothing_changed": gettext_lazy("Nothing differs from the version in force yet. Change something first."),
    "not_json": gettext_lazy("Not put in force: the page could not be read whole. Load it again."),
    "no_rulebooks": gettext_lazy("The district has no rulebooks yet. The system administrator installs them."),
    "rulebook_changed": gettext_lazy(
        "Somebody put version %(number)s in force meanwhile. What you wrote is kept: look again at what it changes, now "
        "compared with theirs."
    ),
    "no_such_rulebook": gettext_lazy("There is no such version."),
    "calendar_changed": gettext_lazy(
        "Somebody published a calendar at the same moment. Look at theirs, then publish again."
    ),
    "no_calendar": gettext_lazy("No working calendar is published yet, so no deadline can be counted."),
    "outside_calendar": gettext_lazy("The calendar does not reach that far: it ends with %(last_year)s."),
    "reason_length": gettext_lazy("Say in 1 to 200 characters why. What you entered is kept."),
    "name_length": gettext_lazy("Row %(row)s: the name has to be 1 to 40 characters long."),
    "no_date": gettext_lazy("Row %(row)s: that is no date. Write it like 2026-10-01."),
    "not_zero_or_one": gettext_lazy("Row %(row)s: write 1 for a working day, 0 for a day off."),
    "not_off_or_works": gettext_lazy("Row %(row)s: write off or works after the date."),
    "date_twice": gettext_lazy("Row %(row)s: %(date)s is there twice."),
    "column_missing": gettext_lazy("A column is missing: date, is_workday, name."),
    "make_up_day_in_week": gettext_lazy("Row %(row)s: %(date)s is a weekday and works anyway."),
    "year_not_published": gettext_lazy("Row %(row)s: %(date)s lies in a year that is not marked as announced."),
    "year_out_of_range": gettext_lazy("%(year)s is out of range."),
    "year_without_holidays": gettext_lazy("%(year)s is marked as announced but has no holiday."),
    "hours_missing": gettext_lazy("Working hours are missing."),
    "hours_out_of_order": gettext_lazy("The working hours are out of order."),
    # Territory
    **AREA_ERRORS,
    **REVIEW_ERRORS,
    "code_not_digits": gettext_lazy("The code %(code)s is not all digits."),
    "code_not_under_parent": gettext_lazy("The code %(code)s does not begin with that of the area above, %(parent)s."),
    "code_wrong_length": gettext_lazy("The code %(code)s has to have %(digits)s digits."),
    "geometry_empty": gettext_lazy("The boundary is empty."),
    "geometry_invalid": gettext_lazy("The boundary is not valid: %(why)s"),
    "geometry_no_polygon": gettext_lazy("The boundary is no polygon."),
    "geometry_out_of_range": gettext_lazy("The boundary lies outside the world."),
    "geometry_unreadable": gettext_lazy("The boundary cannot be read."),
    "unknown_organisation_kind": gettext_lazy("Row %(row)s: there is no kind of organisation %(kind)s."),
    # Sheets of the registry
    "sheet_has_faults": gettext_lazy("%(faulty)s rows are to be mended, so nothing was written."),
    "import_not_ready": gettext_lazy("This file cannot be taken in as it is. Look at what it would change first."),
    "import_confirmed": gettext_lazy("The file is being taken in by now. Wait for it to be done."),
    "no_such_import": gettext_lazy("There is no such file any more, or it is not yours. Send it again."),
    "sheet_not_yours": gettext_lazy("By now you may no longer send all of these sheets. Look again at what is left."),
    "sheet_none_known": gettext_lazy(
        "None of the sheets is one of ours. Take the names of sheets and columns from the template."
    ),
    # Files
    "file_too_large": gettext_lazy("The photo %(name)s is too large. What you wrote is kept: choose a smaller one."),
    "file_not_an_image": gettext_lazy("%(name)s is no picture. What you wrote is kept: choose a photo."),
    "file_type_not_taken": gettext_lazy("%(name)s is a kind of picture we cannot take. Choose JPEG, PNG or WebP."),
    "file_broken": gettext_lazy("%(name)s cannot be read. Take the photo again; what you wrote is kept."),
    "file_not_attachable": gettext_lazy(
        "A photo waited too long and is gone. Choose it again; what you wrote is kept."
    ),
    "file_size": gettext_lazy("There is no such size of a picture."),
    "file_removed": gettext_lazy("This photo was removed."),
    "photo_not_looked_at": gettext_lazy(
        "This photo was not looked at for numbers yet, so there is no copy to pass on. Try again in a few minutes."
    ),
    # Ledger
    "fact_not_found": gettext_lazy("There is no such fact."),
    "not_sealed_yet": gettext_lazy("This fact is not sealed yet. Look again after the next seal."),
    "seal_not_found": gettext_lazy("There is no such seal."),
    # The hall
    "hall_wrong_phase": gettext_lazy(
        "The session is not where this step needs it. Look where it stands, then decide again."
    ),
    "bells_silent": gettext_lazy(
        "Both bells have to sound first: open the big screen and the host's page, press “Test the bell” on each."
    ),
    "bells_not_tested": gettext_lazy("The bells have not been tested yet. Test them, then open."),
    "nobody_reports": gettext_lazy("Nobody is down to report in this session yet."),
    "no_jury": gettext_lazy("There is no jury for this session yet."),
    "hall_not_open": gettext_lazy("The session is not open yet."),
    "hall_moved_on": gettext_lazy(
        "Somebody at another console was faster. Look where the session stands now, then decide again."
    ),
    "hall_open_already": gettext_lazy("The session is open; the jury stays as it is."),
    "unknown_juror_group": gettext_lazy("There is no such group of jurors in the rules of this programme."),
    "no_seat": gettext_lazy("This telephone has no seat here. Scan the code on your badge again."),
    "unknown_command": gettext_lazy("There is no such command."),
    "no_such_review_session": gettext_lazy("There is no such session within your reach."),
    "unknown_person": gettext_lazy("One of these persons is not in the registry."),
    "no_such_badge": gettext_lazy("This badge does not open this session. Ask at the clerk's desk."),
    "badge_in_use": gettext_lazy(
        "Another telephone came in with this badge. The clerk can let it out; then scan again."
    ),
    "no_such_juror": gettext_lazy("There is no such juror in this session."),
    "ballot_there_already": gettext_lazy("This juror has cast a ballot there already."),
    "paper_not_secret": gettext_lazy("In a secret ballot nobody may type for a juror; let them borrow a telephone."),
    "juror_stays_out": gettext_lazy("This juror stays out of this turn."),
    "ballot_nonce": gettext_lazy("The ballot came incomplete. Load the page again; what you entered is kept."),
    "ballot_seq": gettext_lazy("The ballot came incomplete. Load the page again; what you entered is kept."),
    "juror_recused": gettext_lazy("You stay out of this turn: it is about your own organisation, or you declared it."),
    "scoring_closed": gettext_lazy("Scoring of this turn is not open. What counts is what had arrived before."),
    "unsealing_not_asked": gettext_lazy("Nobody has asked to open the list yet."),
    "unsealing_needs_two": gettext_lazy("Who asked can't open it too. A second person has to do it."),
    "unsealing_open_already": gettext_lazy("The list is open already, for the two who opened it. Ask anew."),
    "unsealing_not_opened": gettext_lazy("The list is not open."),
    "not_of_the_two": gettext_lazy("Only the two who opened the list see it."),
    "nothing_sealed": gettext_lazy("There is no sealed list here."),
    "lamp_unreadable": gettext_lazy("The page's report can't be read."),
    "ballot_points": gettext_lazy("Give each part a whole number from 0 to its most. What you entered is kept."),
    # The way
    "too_many_requests": gettext_lazy("Too many tries. Wait %(wait)s, then try again; what you wrote is kept."),
    "row_gone": gettext_lazy("It is not there any more. Load the page again."),
}
_KINDS: tuple[tuple[type[LinliError], Any], ...] = (
    (TooManyRequests, gettext_lazy("Too many tries. Wait a moment; what you wrote is kept.")),
    (NotFound, gettext_lazy("There is nothing here, or nothing within your reach.")),
    (NotAllowed, gettext_lazy("Your posts do not allow this.")),
    (Conflict, gettext_lazy("This cannot be done as things stand now. Load the page again; what you wrote is kept.")),
    (InvalidInput, gettext_lazy("Something entered cannot be taken. What you wrote is kept.")),
)


def say_error(error: LinliError, categories: Mapping[str, str] | None = None) -> str:
    """Word an error, naming categories by these names; one whose code has no words of its own is worded by its kind."""
    said = ERRORS.get(error.code)
    if said is None:
        said = next((words for kind, words in _KINDS if isinstance(error, kind)), gettext_lazy("It did not work."))
    if isinstance(error, RulebookHasFaults):
        told = [say_fault(fault, categories or {}) for fault in error.faults]
        return _filled(str(said), {"faults": " ".join(told)})
    if error.code == "geometry_invalid":
        return _filled(str(said), {"why": say_flaw(str(error.params.get("why", "")))})
    if error.code == "policy_impossible":
        why = IMPOSSIBLE.get(str(error.params.get("why", "")), "")
        return _filled(str(said), {"why": _filled(str(why), error.params)})
    return _filled(str(said), error.params)


def say_decision(reason: str, params: Mapping[str, str | int]) -> str:
    """Word why a right was refused."""
    return _filled(str(ERRORS.get(reason, _("Your posts do not allow this."))), params)


def _filled(words: str, params: Mapping[str, str | int]) -> str:
    """Put the values in, codes as words; a value that is missing leaves its place empty."""
    said = _Values(params)
    if "state" in params:
        said["state"] = say_state(str(params["state"]))
    if "action" in params:
        said["action"] = say_verb(str(params["action"]))
    if "wait_s" in params:
        said["wait"] = say_span(timedelta(seconds=int(params["wait_s"])))
    if "one_of" in params:
        said["one_of"] = _(", ").join(say_reason(code) for code in str(params["one_of"]).split(", "))
    return words % said if "%(" in words else words


class _Values(dict[str, Any]):
    """Values by name; an absent one is empty."""

    def __missing__(self, name: str) -> str:
        return ""
