"""What was written down at questions of the Socratic helper: case → the question's slug → words. All of it is made up."""

SOCRATIC: dict[str, dict[str, str]] = {
    "C-0412": {
        "last-time": "The form from the office. A camera would have seen a pen that does not move.",
        "about-you": "“That I cannot be trusted with my own life.”",
        "whose-voice": "The grandmother’s. She meant well, and she always held the pen.",
        "small-test": "Fill in half of the form alone and bring it unfinished.",
    },
    "C-0431": {
        "just-before": "I looked at my notes. They looked at me looking.",
        "worst-of-it": "“That it was so easy to take me for somebody else.”",
    },
    "C-0416": {
        "safe-from": "From finding out that nobody would come.",
        "who-would-mind": "“My mother. And you, perhaps.”",
        "who-helps": "The partner, who has begun to ring and say: not today.",
    },
    "C-0507": {
        "did-not-happen": "The week of the school play: up at six, without thinking of it.",
        "how-far-back": "“Since the winter when my father stayed in bed.”",
        "does-not-fit": "Two years in which the bakery could count on every morning.",
        "if-it-worked": "“Then there would be no reason to come here.” We were quiet after that.",
        "good-enough": "A first hour that is easy, and no more than that.",
    },
    "C-0547": {
        "about-others": "“That they look away as soon as it costs something.”",
        "second-reading": "That the colleague was afraid as well. Said with a shrug, and then once more without it.",
    },
}
