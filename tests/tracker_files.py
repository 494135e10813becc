"""Exports as trackers and calendars write them, of invented people: what several tests share."""

from __future__ import annotations

import datetime as dt
import json

# --------------------------------------------------------- trackers as tables

TOGGL = "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags,Amount ()"  # noqa: E501
HARVEST = (
    "Date,Client,Project,Project Code,Task,Notes,Hours,Billable?,Invoiced?,Approved?,First Name,Last Name,Roles,"
    "Employee?,Billable Rate,Billable Amount,Cost Rate,Cost Amount,Currency,External Reference URL"
)
KIMAI = (
    "Date,From,To,Duration,Currency,Price,Internal price,Hourly price,Fixed price,Name,User,E-mail,Staff number,"
    "Customer,Project,Activity,Description,Billable,Tags,Type,Category"
)
KIMAI_DE = (
    "Datum,Von,Bis,Dauer,Währung,Preis,Interner Preis,Preis pro Stunde,Festpreis,Name,Benutzer,E-Mail,Personalnummer,"
    "Kunde,Projekt,Tätigkeit,Beschreibung,Abrechenbar,Schlagworte,Typ,Kategorie"
)
KIMAI_FR = (
    "Date,De,À,Durée,Devise,Taux,Taux interne,Tarif horaire,Tarif fixe,Nom,Nom d'utilisateur,Courriel,Matricule,"
    "Client,Projet,Activité,Description,Facturable,Étiquettes,Type,Catégorie"
)
TIMR = (
    "Id,User,Employee Number,Organization,Type,Notes,Start,End,Manually changed,Start Position,End Position,Duration,"
    "Break,Status,Status number"
)


def clockify_row(**said):
    cells = {
        "Project": "Renewal", "Client": "Northwind", "Description": "Call", "Task": "Calls", "User": "Ana Ruiz",
        "Group": "South", "Email": "ana@example.org", "Tags": "", "Type": "Regular", "Billable": "Yes",
        "Invoiced": "No", "Invoice ID": "", "Start Date": "10/15/2026", "Start Time": "11:00:00 AM",
        "End Date": "10/15/2026", "End Time": "11:30:00 AM", "Duration (h)": "00:30:00", "Duration (decimal)": "0.50",
        "Billable Rate (EUR)": "1000.00", "Billable Amount (EUR)": "500.00", "Date of creation": "10/15/2026",
    }  # fmt: skip
    return cells | said


def clockify(*rows, without=(), rename=None, more=()):
    names = [name for name in clockify_row() if name not in without] + list(more)
    shown = [(rename or {}).get(name, name) for name in names]
    lines = [shown, *([row.get(name, "") for name in names] for row in rows)]
    return "".join(",".join(f'"{cell}"' for cell in line) + "\n" for line in lines)


def kimai(header, **said):
    cells = {
        "date": "2026-01-15", "from": "22:30", "to": "00:45", "duration": "2:15", "name": "Anna A", "user": "anna",
        "mail": "anna@x.example", "customer": "Acme", "project": "Website", "activity": "Meeting",
        "description": "Kick-off", "billable": "1", "type": "timesheet",
    } | said  # fmt: skip
    order = ["date", "from", "to", "duration", *[""] * 5, "name", "user", "mail", "", "customer", "project",
             "activity", "description", "billable", "", "type", ""]  # fmt: skip
    return header + "\n" + ",".join(f'"{cells.get(name, "")}"' for name in order) + "\n"


def timr(start="18.10.2026 09:44", end="18.10.2026 10:06", notes=" #Ticket123  ", duration="0,37", rest="0"):
    return (
        f'{TIMR}\n27381256,"Philipp K.","",,"Anwesenheitszeit","{notes}",{start},{end},false,"","","{duration}",{rest},'
        "Veränderbar,100\n"
    )


# ------------------------------------------------------------------ calendars

OUTLOOK_ENGLISH = (
    '"Subject","Start Date","Start Time","End Date","End Time","All day event","Reminder on/off","Reminder Date",'
    '"Reminder Time","Meeting Organizer","Required Attendees","Optional Attendees","Meeting Resources",'
    '"Billing Information","Categories","Description","Location","Mileage","Priority","Private","Sensitivity",'
    '"Show time as"'
)
OUTLOOK_GERMAN = (
    '"Betreff","Beginnt am","Beginnt um","Endet am","Endet um","Ganztägiges Ereignis","Erinnerung Ein/Aus",'
    '"Erinnerung am","Erinnerung um","Besprechungsplanung","Erforderliche Teilnehmer","Optionale Teilnehmer",'
    '"Besprechungsressourcen","Abrechnungsinformationen","Beschreibung","Kategorien","Ort","Priorität","Privat",'
    '"Reisekilometer","Vertraulichkeit","Zeitspanne zeigen als"'
)
OUTLOOK_FRENCH = (
    '"Objet","Début","Début","Fin","Fin","Journée entière","Rappel actif/inactif","Date de rappel",'
    '"Heure du rappel","Organisateur d\'une réunion","Participants obligatoires","Participants facultatifs",'
    '"Ressources de la réunion","Afficher la disponibilité","Catégories","Critère de diffusion","Description",'
    '"Emplacement","Informations facturation","Kilométrage","Priorité","Privé"'
)
OUTLOOK_PLACES = {  # header -> where a cell stands
    OUTLOOK_ENGLISH: {
        "all_day": 5,
        "attendees": 10,
        "text": 15,
        "place": 16,
        "private": 19,
        "sensitivity": 20,
        "shown": 21,
    },
    OUTLOOK_GERMAN: {
        "all_day": 5,
        "attendees": 10,
        "text": 14,
        "place": 16,
        "private": 18,
        "sensitivity": 20,
        "shown": 21,
    },
    OUTLOOK_FRENCH: {
        "all_day": 5,
        "attendees": 10,
        "text": 16,
        "place": 17,
        "private": 21,
        "sensitivity": 15,
        "shown": 13,
    },
}
OUTLOOK_NO = {OUTLOOK_ENGLISH: "False", OUTLOOK_GERMAN: "Aus", OUTLOOK_FRENCH: "Faux"}


def outlook(header, subject="Project sync", **said):
    cells = [""] * 22
    cells[:5] = [subject, "31/12/2026", "10:00:00", "31/12/2026", "11:00:00"]
    cells[9] = "Ana Ruiz"
    told = {
        "all_day": OUTLOOK_NO[header], "private": OUTLOOK_NO[header], "sensitivity": "Normal", "shown": "2",
        "text": "Weekly\nsync",
        "place": "Room 7", "attendees": "Chen Li;Okafor, Ben",
    } | said  # fmt: skip
    for name, text in told.items():
        cells[OUTLOOK_PLACES[header][name]] = text
    return header + "\r\n" + ",".join(f'"{cell}"' for cell in cells) + "\r\n"


GOOGLE = "Subject,Start Date,Start Time,End Date,End Time,All Day Event,Description,Location,Private"


def graph_event(**said):
    told = {
        "id": "AAMk", "subject": "Demo", "bodyPreview": "agenda", "isAllDay": False, "isCancelled": False,
        "body": {"contentType": "html", "content": "<p>long</p>"},
        "isOrganizer": True, "showAs": "busy", "sensitivity": "normal", "type": "singleInstance",
        "responseStatus": {"response": "organizer"}, "seriesMasterId": None,
        "start": {"dateTime": "2026-01-20T09:00:00.0000000", "timeZone": "UTC"},
        "end": {"dateTime": "2026-01-20T10:00:00.0000000", "timeZone": "UTC"},
        "attendees": [{"type": "required", "status": {"response": "none"},
                       "emailAddress": {"name": "Ben Okafor", "address": "ben@x.example"}}],
        "organizer": {"emailAddress": {"name": "Ana Ruiz", "address": "Ana@x.example"}},
        "location": {"displayName": "Room 7"}, "isOnlineMeeting": True, "categories": ["red", "deal"],
    }  # fmt: skip
    return told | said


def graph(*events, **more):
    return json.dumps({"@odata.context": "https://graph.example/v1.0", **more, "value": list(events)})


def zoned(time, zone):
    return {"dateTime": f"2026-{time}:00.0000000", "timeZone": zone}


# ------------------------------------------------------------- timers in JSON

TIMEWARRIOR = """[
{"id":3,"start":"20260630T102128Z","end":"20260630T102131Z"},
{"id":2,"start":"20260630T143940Z","end":"20260630T143943Z","tags":["call","Acme GmbH"],"annotation":"price talk"},
{"id":1,"start":"20260630T144010Z"}
]
"""


def timecamp(**said):
    return {
        "id": 3621, "duration": "3600", "user_id": "123", "user_name": "Ana Ruiz", "task_id": "3132",
        "date": "2026-03-20", "start_time": "12:00:00", "end_time": "13:00:00", "locked": "0", "name": "Offers",
        "description": "for Northwind", "billable": 1, "addons_external_id": "0064600000J5S5T", "tags": [],
    } | said  # fmt: skip


# -------------------------------------------------------------- ActivityWatch

BEGIN = dt.datetime(2026, 11, 19, 9, 0, tzinfo=dt.UTC)


def event(start, seconds, **data):
    moment = BEGIN + dt.timedelta(seconds=start)
    return {"timestamp": moment.isoformat(timespec="microseconds"), "duration": seconds, "data": data}


def bucket(kind, *events, host="LAPTOP", **more):
    return {"id": kind, "created": "2026-11-18T15:07:28+00:00", "name": None, "type": kind, "client": "aw-watcher",
            "hostname": host, "events": list(events), **more}  # fmt: skip


def window(*events, **more):
    return bucket("currentwindow", *events, **more)


def presence(*events, **more):
    return bucket("afkstatus", *events, **more)


def web(*events, **more):
    return bucket("web.tab.current", *events, **more)


def activitywatch(**buckets):
    return json.dumps({"buckets": buckets})


HERE = presence(event(0, 10_000, status="not-afk"))
