"""What is agreed in the cases of Team North: goals, between-session work and strategies. All of it is made up.

A goal is (whose, importance to the client, how far it comes, words), a task (whose, importance, words).
"""

from demo_clinic.agreed import Agreed

NORTH: dict[str, Agreed] = {
    "C-0412": Agreed(
        goals=(("client", 9, 8, "Have a say in what is decided about my days."),
               ("together", 7, 6, "Say no without a long speech around it.")),
        tasks=(("therapist", 3, "Fill in the plan for the week, hour by hour."),
               ("client", 9, "Write down one thing that I decided by myself, each evening."),
               ("together", 8, "Say one small no, and see who is still there afterwards.")),
        strategies=("A plan for each week, gone through at the start.", "Ask first: what would be worth this hour?",
                    "Look at who decides, in the room as well as outside."),
    ),
    "C-0431": Agreed(
        goals=(("together", 8, 5, "Stay in a conversation when I would rather leave it."),
               ("client", 9, 4, "Sleep through without going over the day again.")),
        tasks=(("together", 7, "Note what I nearly said and did not."),
               ("client", 8, "A walk before bed instead of the news."),
               ("therapist", 4, "Read the sheet about worry and mark what fits.")),
        strategies=("Slow down whenever the answers become short.", "Come back each time to what was left half said."),
    ),
    "C-0455": Agreed(
        goals=(("client", 9, 6, "Come home from work with something left of me."),
               ("together", 6, 4, "Be angry without a door being slammed.")),
        tasks=(("client", 9, "Leave the phone in the hall for the first hour at home."),
               ("therapist", 4, "Keep a record of angry moments, with what came before.")),
        strategies=("Hear the complaint out before anything else.", "Short summaries, checked by the client."),
    ),
    "C-0398": Agreed(
        goals=(("therapist", 4, 3, "Build up a rhythm of getting up and going to bed."),
               ("client", 9, 7, "See my brother again without it ending in a quarrel.")),
        tasks=(("therapist", 2, "Keep the sleep log on paper, every morning."),
               ("client", 9, "Write my brother a short card."),
               ("together", 7, "Plan one hour in the week that belongs to nobody else.")),
        strategies=("Small steps by day, agreed at the start of the hour.", "Rehearse the meeting in the room first."),
    ),
    "C-0467": Agreed(
        goals=(("together", 8, 6, "Find one place outside where I am not only tired."),),
        tasks=(("together", 8, "Sit in the park for ten breaths, twice."), ("client", 7, "Ring the choir and ask when they sing."),
               ("therapist", 5, "List what gave some strength this week.")),
        strategies=("One thing a week, and it is theirs.",),
    ),
    "C-0476": Agreed(
        goals=(("together", 7, 4, "Decide whether I go on with this now."),),
        tasks=(("together", 6, "Ask two friends what they see change in me."), ("therapist", 3, "Draw the line of the last year.")),
    ),
    "C-0440": Agreed(
        goals=(("client", 9, 9, "Drive on the motorway again, by myself."),),
        tasks=(("client", 9, "Drive one exit further than last time."), ("together", 8, "Sit in the parked car until it gets dull.")),
        strategies=("Step by step along the list that the client made.",),
    ),
    "C-0387": Agreed(
        goals=(("therapist", 3, 1, "Apply for a training place by the end of the season."),
               ("therapist", 2, 1, "Set up a daily structure with fixed times.")),
        tasks=(("therapist", 2, "Take the first step on the list for the training place."),
               ("therapist", 3, "The same steps, made smaller."),
               ("therapist", 2, "Ring the advice centre and ask for an appointment."),
               ("therapist", 1, "The list of steps, on a new sheet.")),
        strategies=("A list of steps, a little smaller each time.", "Weigh up for and against with two columns."),
    ),
    "C-0403": Agreed(
        goals=(("client", 8, 7, "Give the talk at work without being ill the night before."),
               ("together", 7, 8, "Eat lunch with the others.")),
        tasks=(("together", 8, "Sit at the big table on one day."), ("therapist", 4, "Thought record on three evenings."),
               ("client", 9, "Practise the talk in front of the mirror.")),
        strategies=("Exposure in steps, chosen by the client.", "Experiments with the feared sentence."),
    ),
    "C-0419": Agreed(
        goals=(("together", 8, 7, "Get through an ordinary day without the long lie-down."),),
        tasks=(("client", 8, "Get the bread myself."), ("therapist", 4, "Plan two pleasant things and tick them."),
               ("together", 7, "Put the washing out while the coffee runs.")),
        strategies=("Begin with what is already being done.",),
    ),
    "C-0448": Agreed(
        goals=(("therapist", 5, 4, "Quarrel less with the people in the house."),),
        tasks=(("therapist", 3, "Leave the kitchen when it gets loud."), ("client", 8, "Ask my flatmate what they would like."),
               ("together", 6, "Write down the sentence that starts it.")),
    ),
    "C-0461": Agreed(
        goals=(("client", 9, 5, "Read to my daughter in the evening and be there."),),
        tasks=(("client", 9, "Read one page aloud, whatever the day was like."), ("together", 7, "A sign for “I need a moment”.")),
        strategies=("Look for the evenings on which it went well.",),
    ),
    "C-0391": Agreed(
        goals=(("together", 8, 6, "Visit the grave, and come back to a warm room."),),
        tasks=(("together", 8, "Sort one drawer of the things that are left."), ("client", 9, "Light the candle on the evening that is hard."),
               ("therapist", 4, "Write a letter that is not sent.")),
        strategies=("Follow the grief at its own pace.",),
    ),
    "C-0425": Agreed(
        goals=(("together", 7, 5, "Open the letters that have been lying about."),),
        tasks=(("therapist", 3, "Sort the letters into three piles."), ("together", 7, "Open two letters with a friend beside me."),
               ("client", 8, "Put a basket by the door for what comes in.")),
    ),
    "C-0437": Agreed(
        goals=(("client", 8, 4, "Know what I want before I say what I do not want."),),
        tasks=(("client", 7, "Finish the sentence “I would rather …” once a day."), ("therapist", 4, "Count the buts of one day.")),
        strategies=("Curiosity for the but.",),
    ),
    "C-0470": Agreed(
        goals=(("together", 7, 3, "Find words for what happens in my chest."),),
        tasks=(("together", 7, "Draw where it is, in two colours."), ("therapist", 4, "Breathing exercise from the recording.")),
    ),
    "C-0405": Agreed(
        goals=(("therapist", 5, 5, "Take up the evening class again."),),
        tasks=(("therapist", 3, "Look up the dates of the class."), ("client", 8, "Get the paints out of the cellar."),
               ("together", 7, "Paint for as long as a song lasts."), ("therapist", 4, "Write down what got in the way.")),
        strategies=("Less plan, more paint.",),
    ),
    "C-0433": Agreed(
        goals=(("therapist", 4, 2, "Get back into the old routine."), ("client", 9, 2, "That the evenings stop being so long.")),
        tasks=(("client", 8, "Ring somebody before it gets dark."), ("together", 6, "A light in the window at five."),
               ("therapist", 4, "Activity plan for the weekend.")),
        strategies=("Activity first, mood later.", "Ask what the evenings are like, and stay with the answer."),
    ),
    "C-0473": Agreed(
        goals=(("together", 8, 6, "Be able to wait before I answer a message."),),
        tasks=(("together", 8, "Put the phone face down and count the birds."), ("client", 8, "Read my answer aloud before I send it."),
               ("therapist", 4, "Rate the tension at noon and at night.")),
    ),
    "C-0452": Agreed(
        goals=(("together", 6, 4, "Come here also when it is a bad week."),),
        tasks=(("together", 6, "Send a word when it is a bad week."), ("client", 7, "Put the bus ticket beside the keys.")),
        strategies=("Make it easy to come: shorter, and by video where that is better.",),
    ),
    "C-0416": Agreed(
        goals=(("client", 9, 6, "Be a guest again, and not only the one who helps."),
               ("together", 7, 5, "Notice when I am tired before I fall over.")),
        tasks=(("client", 9, "Accept one invitation and bring nothing."), ("together", 7, "Stop for a cup of tea at four."),
               ("therapist", 4, "Note the first sign of tiredness.")),
        strategies=("Permission to need something.", "Watch what happens to us when the client is tired."),
    ),
    "C-0459": Agreed(
        goals=(("together", 7, 5, "Speak in the seminar once."),),
        tasks=(("together", 7, "Ask one question after the seminar."), ("therapist", 3, "Prepare three sentences in writing."),
               ("client", 8, "Sit in the second row.")),
    ),
    "C-0379": Agreed(
        goals=(("therapist", 4, 4, "Take on fewer shifts."),),
        tasks=(("therapist", 3, "Say no to one shift."), ("together", 6, "Look at the month on one page.")),
    ),
    "C-0383": Agreed(
        goals=(("client", 8, 7, "Tell my parents about the change of plan."),),
        tasks=(("client", 8, "Write the first two sentences to my parents."),),
    ),
    "C-0480": Agreed(
        goals=(("client", 9, 1, "Eat with other people again."),), tasks=(("client", 9, "Have breakfast with the radio on."),),
    ),
}  # fmt: skip
