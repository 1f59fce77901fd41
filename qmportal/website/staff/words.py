"""Texts of Wagtail that our catalogue says in German, or in plainer German; ours is asked first."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_noop, ngettext_lazy

# Texts of Wagtail that its German catalogue lacks.
WITHOUT_GERMAN: Final = (
    gettext_noop("%(start_index)s-%(end_index)s of %(items_count)s %(model_name)s"),
    gettext_noop("%(start_index)s-%(end_index)s of %(items_count)s %(model_name)s across entire site."),
    gettext_noop(
        "%(start_index)s-%(end_index)s of %(items_count)s %(model_name)s"
        " in '<span class=\"w-title-ellipsis\">%(title)s</span>'."
    ),
    gettext_noop("Actions (footer)"),
    gettext_noop("Add a concise description for search engines"),
    gettext_noop("Alternatively, you can view the latest version in a new tab."),
    gettext_noop("A network error occurred"),
    gettext_noop("Currently idle"),
    gettext_noop("Meta description is empty"),
    gettext_noop("Proceeding will overwrite the changes made by %(user_name)s."),
    gettext_noop("Proceeding will overwrite the changes you made in that window."),
    gettext_noop(
        "Troubleshoot your connection to the site before proceeding."
        " Open the editor in a separate tab to view the last saved version."
    ),
    gettext_noop("View latest version"),
)
# Texts of Wagtail whose German would have to be explained.
IN_PLAINER_GERMAN: Final = (
    # It stands before the name of what can be chosen.
    gettext_noop("Choose"),
    gettext_noop("Locales"),
    gettext_noop("%(locales_count)s locales"),
    ngettext_lazy(
        "A locale is disabled because a parent page is not translated.",
        "Some locales are disabled because some parent pages are not translated.",
    ),
    gettext_noop("Added the '%(restriction)s' view restriction"),
    gettext_noop(
        'Alternatively you can <a href="%(unpublish_url)s">unpublish the page</a>. This '
        "removes the page from public view and you can edit or publish it again later."
    ),
    gettext_noop("Anyone can edit this %(model_name)s"),
    gettext_noop("Are you sure you want to delete this %(model_name)s?"),
    gettext_noop("Are you sure you want to unschedule this revision?"),
    gettext_noop("Available in %(translations_total)s locales"),
    gettext_noop("Cancel scheduled publish"),
    gettext_noop("Change privacy"),
    gettext_noop("Choose another %(object)s"),
    gettext_noop("Choose when this page should go live and/or expire"),
    gettext_noop("Choose who can view the live version of this page"),
    gettext_noop("Compare with live version"),
    gettext_noop("Correct the validation errors to resume preview (saving will highlight errors)"),
    gettext_noop("Currently locked and will go live on the scheduled date"),
    gettext_noop("expiry date/time"),
    gettext_noop("Expiry date/time must be in the future."),
    gettext_noop("Expiry:"),
    gettext_noop("go live date/time"),
    gettext_noop("Go live date/time must be before expiry date/time"),
    gettext_noop("Go to Wagtail admin"),
    gettext_noop("Go-live:"),
    gettext_noop("Initial Revision"),
    gettext_noop("Invalid schedule"),
    gettext_noop("Live version"),
    gettext_noop("Locale"),
    gettext_noop("Locale: "),
    gettext_noop("Locked by schedule"),
    gettext_noop('Multi-word tags with spaces will automatically be enclosed in double quotes (").'),
    gettext_noop("New parent page"),
    gettext_noop("New slug"),
    gettext_noop("No other translations"),
    gettext_noop("No publishing schedule set"),
    gettext_noop("Once scheduled:"),
    gettext_noop("Page '%(page_title)s' is live and this version has been scheduled for publishing."),
    gettext_noop("Page locked"),
    gettext_noop("page log entries"),
    gettext_noop("page log entry"),
    gettext_noop("Parent page"),
    gettext_noop("Please add some alt text for your image or mark it as decorative"),
    gettext_noop(
        "Preview cannot display due to validation errors. <br /> Click save to highlight the relevant fields."
    ),
    gettext_noop("Privacy changes apply to all children of this page too."),
    gettext_noop("Private, accessible to any logged-in users"),
    gettext_noop("Private, accessible to users in specific groups"),
    gettext_noop("Promote"),
    gettext_noop("Removed the '%(restriction)s' view restriction. The page is public."),
    gettext_noop("Reverted to previous revision with id %(revision_id)s from %(created_at)s"),
    gettext_noop("Revision %(revision_id)s from %(created_at)s scheduled for publishing at %(go_live_at)s."),
    gettext_noop(
        "Revision %(revision_id)s from %(created_at)s unscheduled from publishing at %(go_live_at)s."
    ),
    gettext_noop("Select a new parent for this page."),
    gettext_noop("Select a new parent page"),
    gettext_noop("Set publishing schedule"),
    gettext_noop("Sort menu order"),
    gettext_noop("Switch locales"),
    gettext_noop("The %(model_name)s could not be created due to errors."),
    gettext_noop("The %(model_name)s could not be saved due to errors."),
    gettext_noop("The page could not be created due to validation errors."),
    gettext_noop("The page could not be saved due to validation errors."),
    gettext_noop("The requested page could not be found."),
    gettext_noop("There are validation errors, click save to highlight them."),
    gettext_noop("This copy will be a child of this given parent page."),
    gettext_noop(
        'This publishing schedule will only take effect after you select the "Schedule to publish" option'
    ),
    gettext_noop("Unlocked"),
    gettext_noop("Updated the view restriction to '%(restriction)s'"),
    gettext_noop('Version %(revision_id)s of "%(object)s" unscheduled.'),
    gettext_noop("View live"),
    gettext_noop("You are viewing a previous version of this page from <b>%(created_at)s</b> by %(user)s"),
    gettext_noop("{model_name} '{title}' is locked and has been scheduled to go live at {datetime}"),
    ngettext_lazy(
        "This %(model_name)s is referenced %(usage_count)s time.",
        "This %(model_name)s is referenced %(usage_count)s times.",
    ),
    ngettext_lazy(
        "Referenced %(count)s time",
        "Referenced %(count)s times",
    ),
    ngettext_lazy(
        "Translate the parent page.",
        "Translate the parent pages.",
    ),
)
