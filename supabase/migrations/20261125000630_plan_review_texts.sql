-- What changes after a plan review can be shared later, by itself, like every other text of a case:
-- so the list of reviews names that text and its version.

create or replace view public.plan_review_list with (security_invoker = true) as
  select r.therapist_id, r.team_id, r.case_id, r.id, r.reviewed_on, r.next_review_on, r.created_at, x.body as adjustment, x.shared as adjustment_shared,
    x.id as text_id, x.version as adjustment_version
  from public.plan_reviews r
  left join public.case_texts x on x.therapist_id = r.therapist_id and x.about_id = r.id and x.about = 'adjustment';
